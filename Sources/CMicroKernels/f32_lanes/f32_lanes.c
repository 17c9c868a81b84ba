// Which variant runs.
#include "f32_lanes.h"
#include "variants.h"

void snn_f32_gather_lanes(
    enum snn_isa isa, const struct snn_lane_row *rows, size_t row_count, const float *plane, float *lanes) {
  if (row_count == 0) return;
#if defined(__x86_64__)
  if (isa >= SNN_ISA_AVX512 && rows->lane_count == SNN_WIDE_LANES) {
    snn_f32_gather_lanes_avx512(rows, row_count, plane, lanes);
    return;
  }
  if (isa >= SNN_ISA_AVX2) {
    snn_f32_gather_lanes_avx2(rows, row_count, plane, lanes);
    return;
  }
#elif defined(__aarch64__)
  if (isa >= SNN_ISA_NEON) {
    snn_f32_gather_lanes_neon(rows, row_count, plane, lanes);
    return;
  }
#endif
  snn_f32_gather_lanes_scalar(rows, row_count, plane, lanes);
}

void snn_f32_scatter_lanes(
    enum snn_isa isa, const struct snn_lane_row *row, const float *lanes, const struct snn_f32_epilogue *epilogue,
    float *plane) {
#if defined(__x86_64__)
  if (isa >= SNN_ISA_AVX512 && row->lane_count == SNN_WIDE_LANES) {
    snn_f32_scatter_lanes_avx512(row, lanes, epilogue, plane);
    return;
  }
  if (isa >= SNN_ISA_AVX2) {
    snn_f32_scatter_lanes_avx2(row, lanes, epilogue, plane);
    return;
  }
#elif defined(__aarch64__)
  if (isa >= SNN_ISA_NEON) {
    snn_f32_scatter_lanes_neon(row, lanes, epilogue, plane);
    return;
  }
#endif
  snn_f32_scatter_lanes_scalar(row, lanes, epilogue, plane);
}
