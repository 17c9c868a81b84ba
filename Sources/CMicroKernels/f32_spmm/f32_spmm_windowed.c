// A copy of the window that a tile reads, where the planes themselves are not aligned.
#include "f32_spmm.h"

#if defined(__x86_64__)
#include "../simd/avx2.h"
#define SNN_LEAST_ISA SNN_ISA_AVX2
#elif defined(__aarch64__)
#include "../simd/neon.h"
#define SNN_LEAST_ISA SNN_ISA_NEON
#endif

#if defined(SNN_LEAST_ISA)
SIMD static void copy_rows_simd(const struct snn_spmm_window *window, float *to) {
  const size_t whole = window->length & ~(size_t)(SNN_VEC_LANES - 1);
  const snn_mask mask = snn_first_lanes((uint32_t)(window->length - whole));
  for (size_t c = 0; c < window->channel_count; ++c) {
    const float *from = window->planes + (ptrdiff_t)c * window->plane_stride;
    for (size_t i = 0; i < whole; i += SNN_VEC_LANES) snn_store(to + i, snn_load(from + i));
    for (size_t i = whole; i < window->copied_length; i += SNN_VEC_LANES) {
      snn_store(to + i, i == whole ? snn_load_masked(from + i, mask) : snn_zero());
    }
    to += window->copied_length;
  }
}
#endif

static void copy_rows_scalar(const struct snn_spmm_window *window, float *to) {
  for (size_t c = 0; c < window->channel_count; ++c) {
    const float *from = window->planes + (ptrdiff_t)c * window->plane_stride;
    for (size_t i = 0; i < window->copied_length; ++i) to[i] = i < window->length ? from[i] : 0;
    to += window->copied_length;
  }
}

void snn_f32_spmm_windowed(
    const struct snn_spmm_kernel *kernel, const struct snn_spmm_tile *tile, const struct snn_spmm_window *window,
    const struct snn_spmm_record *records, size_t record_count, const struct snn_spmm_entry *entries) {
  _Alignas(64) float copy[SNN_SPMM_WINDOW];
#if defined(SNN_LEAST_ISA)
  if (kernel->isa >= SNN_LEAST_ISA) {
    copy_rows_simd(window, copy);
  } else {
    copy_rows_scalar(window, copy);
  }
#else
  copy_rows_scalar(window, copy);
#endif
  struct snn_spmm_tile place = *tile;
  place.x = copy;
  const snn_spmm_function function = window->length % (size_t)kernel->lanes ? kernel->padded_tail : kernel->function;
  function(&place, records, record_count, entries);
}
