// AVX2 + FMA: the tile of g stays in registers, and each entry's activations come straight from memory. The sums of eight
// entries are added up across their lanes together, by a transpose.
#include "f32_sddmm.h"
#include "variants.h"

#if defined(__x86_64__)
#include "../simd/avx2.h"

enum { MAX_ROWS = 7 };

/// The products of one entry, added up to one vector.
AVX2 INLINE __m256 products(
    const struct snn_spmm_entry *entry, const float *const x[MAX_ROWS], const __m256 *vg, int rows, int columns) {
  const uint32_t offset = entry->offset;
  // Two sums, so that half as many additions wait for one another; neighbouring entries overlap besides.
  __m256 vsum[2];
  UNROLL for (int r = 0; r < rows; ++r) {
    UNROLL for (int c = 0; c < columns; ++c) {
      const int i = r * columns + c;
      const __m256 vx = _mm256_loadu_ps(x[r] + offset + SNN_LANES * c);
      vsum[i & 1] = i < 2 ? _mm256_mul_ps(vg[i], vx) : _mm256_fmadd_ps(vg[i], vx, vsum[i & 1]);
    }
  }
  return rows * columns > 1 ? _mm256_add_ps(vsum[0], vsum[1]) : vsum[0];
}

/// Element i is the sum of the lanes of vector i.
AVX2 INLINE __m256 lane_sums(const __m256 v[SNN_LANES]) {
  const __m256 v01 = _mm256_hadd_ps(v[0], v[1]), v23 = _mm256_hadd_ps(v[2], v[3]);
  const __m256 v45 = _mm256_hadd_ps(v[4], v[5]), v67 = _mm256_hadd_ps(v[6], v[7]);
  const __m256 v0123 = _mm256_hadd_ps(v01, v23), v4567 = _mm256_hadd_ps(v45, v67);
  return _mm256_add_ps(
      _mm256_permute2f128_ps(v0123, v4567, 0x20), _mm256_permute2f128_ps(v0123, v4567, 0x31));
}

AVX2 INLINE void sddmm(
    const struct snn_sddmm_tile *given, const struct snn_spmm_record *records, const uint32_t *positions,
    size_t record_count, const struct snn_spmm_entry *entry, float *gradient, int rows, int columns) {
  // A copy that no store can change, so that its fields stay in registers.
  const struct snn_sddmm_tile place = *given, *const tile = &place;
  const float *x[MAX_ROWS];
  UNROLL for (int r = 0; r < rows; ++r) x[r] = tile->x + r * tile->x_row_stride;
  for (size_t i = 0; i < record_count; ++i) {
    const uint32_t count = records[i].count & SNN_SPMM_COUNT;
    if (!count) continue;
    const float *const g = tile->g + (ptrdiff_t)records[i].row * tile->g_channel_stride;
    float *to = gradient + positions[i];
    __m256 vg[SNN_SDDMM_VECTORS];
    UNROLL for (int r = 0; r < rows; ++r) {
      UNROLL for (int c = 0; c < columns; ++c) {
        vg[r * columns + c] = _mm256_loadu_ps(g + r * tile->g_row_stride + SNN_LANES * c);
      }
    }
    uint32_t e = 0;
    for (; e + SNN_LANES <= count; e += SNN_LANES) {
      __m256 vsums[SNN_LANES];
      for (int lane = 0; lane < SNN_LANES; ++lane) vsums[lane] = products(entry + e + lane, x, vg, rows, columns);
      _mm256_storeu_ps(to + e, _mm256_add_ps(_mm256_loadu_ps(to + e), lane_sums(vsums)));
    }
    if (e < count) {
      const __m256i mask = snn_first_lanes(count - e);
      __m256 vsums[SNN_LANES];
      for (uint32_t lane = 0; lane < SNN_LANES; ++lane) {
        vsums[lane] = e + lane < count ? products(entry + e + lane, x, vg, rows, columns) : _mm256_setzero_ps();
      }
      const __m256 vold = _mm256_maskload_ps(to + e, mask);
      snn_store_first(to + e, _mm256_add_ps(vold, lane_sums(vsums)), count - e, mask);
    }
    entry += count;
  }
}

#define SNN_SDDMM_KERNEL(isa, ISA, rows, columns) SNN_SDDMM_DEFINE_##isa(rows, columns)
#define SNN_SDDMM_DEFINE_scalar(rows, columns)
#define SNN_SDDMM_DEFINE_avx2(rows, columns)                                                                       \
  AVX2 void snn_f32_sddmm_##rows##x##columns##_avx2(                                                               \
      const struct snn_sddmm_tile *tile, const struct snn_spmm_record *records, const uint32_t *positions,         \
      size_t record_count, const struct snn_spmm_entry *entries, float *gradient) {                                \
    sddmm(tile, records, positions, record_count, entries, gradient, rows, columns);                               \
  }
#include "kernels.inc"
#endif
