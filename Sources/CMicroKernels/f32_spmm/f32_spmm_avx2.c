// AVX2 + FMA: a tile of up to fifteen accumulators and the weight in the sixteenth register, so that every multiply-add
// takes its activations straight from memory.
//
// One function is the text of all variants: inlined with constant sizes, its loops unroll and its arrays become registers.
#include "f32_spmm.h"
#include "variants.h"

#if defined(__x86_64__)
#include <string.h>

#include "../simd/avx2.h"

#define UNROLL _Pragma("clang loop unroll(full)")

/// Four cycles of latency at two multiply-adds a cycle need eight independent sums.
#define SETS(vectors) ((vectors) >= 8 ? 1 : (vectors) >= 4 ? 2 : (vectors) >= 2 ? 4 : 8)

enum { MAX_ROWS = 7 };

/// How rows of a tile end.
enum snn_row_end { SNN_WHOLE, SNN_TAIL, SNN_PADDED_TAIL };

/// Adds one entry's products to `vacc`.
///
/// Value and offset come by one integer load, and the value goes to its vector by a shuffle: a broadcast from memory would
/// take one of the two vector loads of a cycle, which the activations need.
AVX2 INLINE void add_entry(
    const struct snn_spmm_entry *entry, const float *const x[MAX_ROWS], __m256 *vacc, int rows, int columns, int masked,
    __m256i mask) {
  uint64_t bits;
  memcpy(&bits, entry, sizeof bits);
  __asm__("" : "+r"(bits));
  const uint32_t offset = (uint32_t)bits;
  const __m256 vweight = _mm256_broadcastss_ps(_mm_castsi128_ps(_mm_cvtsi32_si128((int)(bits >> 32))));
  UNROLL for (int r = 0; r < rows; ++r) {
    UNROLL for (int c = 0; c < columns; ++c) {
      const __m256 vx = snn_load(x[r] + offset + SNN_LANES * c, masked && c == columns - 1, mask);
      vacc[r * columns + c] = _mm256_fmadd_ps(vweight, vx, vacc[r * columns + c]);
    }
  }
}

AVX2 INLINE void spmm(
    const struct snn_spmm_tile *given, const struct snn_spmm_record *record, size_t record_count,
    const struct snn_spmm_entry *entry, int rows, int columns, int sets, enum snn_row_end end) {
  // A copy that no store to y can change, so that its fields stay in registers.
  const struct snn_spmm_tile place = *given, *const tile = &place;
  const int masked = end != SNN_WHOLE, masked_x = end == SNN_TAIL;
  const __m256i mask = snn_first_lanes(masked ? tile->tail : 0);
  const float *x[MAX_ROWS];
  UNROLL for (int r = 0; r < rows; ++r) x[r] = tile->x + r * tile->x_row_stride;
  for (const struct snn_spmm_record *last = record + record_count; record < last; ++record) {
    const struct snn_spmm_entry *const entries_end = entry + (record->count & SNN_SPMM_COUNT);
    const uint32_t row = record->row, flags = record->count;
    const ptrdiff_t channel = (ptrdiff_t)row * tile->y_channel_stride;
    __m256 vacc[8][SNN_SPMM_VECTORS];
    UNROLL for (int i = 0; i < rows * columns; ++i) {
      UNROLL for (int s = 0; s < sets; ++s) vacc[s][i] = _mm256_setzero_ps();
    }
    if (!(flags & SNN_SPMM_STARTS)) {
      UNROLL for (int r = 0; r < rows; ++r) {
        UNROLL for (int c = 0; c < columns; ++c) {
          vacc[0][r * columns + c] = snn_load(
              tile->y + channel + r * tile->y_row_stride + SNN_LANES * c, masked && c == columns - 1, mask);
        }
      }
    }
    for (; entries_end - entry >= sets; entry += sets) {
      UNROLL for (int s = 0; s < sets; ++s) add_entry(entry + s, x, vacc[s], rows, columns, masked_x, mask);
    }
    if (sets > 1) {
      for (; entry < entries_end; ++entry) add_entry(entry, x, vacc[0], rows, columns, masked_x, mask);
      UNROLL for (int s = 1; s < sets; ++s) {
        UNROLL for (int i = 0; i < rows * columns; ++i) vacc[0][i] = _mm256_add_ps(vacc[0][i], vacc[s][i]);
      }
    }
    if (tile->epilogue && flags & SNN_SPMM_FINISHES) {
      UNROLL for (int r = 0; r < rows; ++r) {
        UNROLL for (int c = 0; c < columns; ++c) {
          vacc[0][r * columns + c] = snn_finish(
              vacc[0][r * columns + c], tile->epilogue, row,
              channel + r * tile->y_row_stride + SNN_LANES * c, masked && c == columns - 1, mask);
        }
      }
    }
    UNROLL for (int r = 0; r < rows; ++r) {
      UNROLL for (int c = 0; c < columns; ++c) {
        float *const y = tile->y + channel + r * tile->y_row_stride + SNN_LANES * c;
        if (masked && c == columns - 1) {
          snn_store_first(y, vacc[0][r * columns + c], tile->tail);
        } else {
          _mm256_storeu_ps(y, vacc[0][r * columns + c]);
        }
      }
    }
  }
}

#define SNN_SPMM_KERNEL(isa, ISA, rows, columns) SNN_SPMM_DEFINE_##isa(rows, columns)
#define SNN_SPMM_DEFINE_scalar(rows, columns)
#define SNN_SPMM_DEFINE_avx2(rows, columns)        \
  SNN_SPMM_DEFINE_END(rows, columns, , SNN_WHOLE)  \
  SNN_SPMM_DEFINE_END(rows, columns, _tail, SNN_TAIL) \
  SNN_SPMM_DEFINE_END(rows, columns, _padded_tail, SNN_PADDED_TAIL)
#define SNN_SPMM_DEFINE_END(rows, columns, suffix, end)                                                             \
  AVX2 void snn_f32_spmm_##rows##x##columns##suffix##_avx2(                                                         \
      const struct snn_spmm_tile *tile, const struct snn_spmm_record *records, size_t record_count,                 \
      const struct snn_spmm_entry *entries) {                                                                       \
    spmm(tile, records, record_count, entries, rows, columns, SETS((rows) * (columns)), end);                       \
  }
#include "kernels.inc"
#endif
