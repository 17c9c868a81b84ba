// Which variant runs.
#include "f32_winograd.h"
#include "variants.h"

void snn_f32_winograd_window(
    enum snn_isa isa, int m, const struct snn_winograd_group *groups, size_t group_count, const float *input,
    ptrdiff_t row_stride, ptrdiff_t plane_stride, size_t channel_count, const struct snn_winograd_planes *layout,
    float *planes) {
#if defined(__x86_64__)
  if (isa >= SNN_ISA_AVX2) {
    snn_f32_winograd_window_avx2(
        m, groups, group_count, input, row_stride, plane_stride, channel_count, layout, planes);
    return;
  }
#elif defined(__aarch64__)
  if (isa >= SNN_ISA_NEON) {
    snn_f32_winograd_window_neon(
        m, groups, group_count, input, row_stride, plane_stride, channel_count, layout, planes);
    return;
  }
#endif
  snn_f32_winograd_window_scalar(m, groups, group_count, input, row_stride, plane_stride, channel_count, layout, planes);
}

void snn_f32_winograd_output(
    enum snn_isa isa, int m, const struct snn_winograd_tile *tiles, size_t tile_count, const float *planes,
    const struct snn_winograd_planes *layout, size_t channel_count, const struct snn_f32_epilogue *epilogue, float *output,
    ptrdiff_t row_stride, ptrdiff_t plane_stride) {
#if defined(__x86_64__)
  if (isa >= SNN_ISA_AVX2) {
    snn_f32_winograd_output_avx2(
        m, tiles, tile_count, planes, layout, channel_count, epilogue, output, row_stride, plane_stride);
    return;
  }
#elif defined(__aarch64__)
  if (isa >= SNN_ISA_NEON) {
    snn_f32_winograd_output_neon(
        m, tiles, tile_count, planes, layout, channel_count, epilogue, output, row_stride, plane_stride);
    return;
  }
#endif
  snn_f32_winograd_output_scalar(
      m, tiles, tile_count, planes, layout, channel_count, epilogue, output, row_stride, plane_stride);
}
