// The variants behind f32_lanes.h, one file each.
#pragma once

#include "f32_lanes.h"

#define SNN_LANES_PROTOTYPES(isa)                                                                                    \
  void snn_f32_gather_lanes_##isa(                                                                                   \
      const struct snn_lane_row *rows, size_t row_count, const float *plane, float *lanes);                          \
  void snn_f32_scatter_lanes_##isa(                                                                                  \
      const struct snn_lane_row *row, const float *lanes, const struct snn_f32_epilogue *epilogue, float *plane);

/// The vector of element j of a channel's sums, in a row of so many phases; NULL if it is zero.
static inline const float *snn_sums(const struct snn_lane_row *row, const float *lanes, int32_t j, int32_t phases) {
  const int32_t phase_row = row->phase_rows[j % phases];
  return phase_row < 0 ? NULL : lanes + phase_row * row->phase_stride + row->lane_count * (j / phases);
}

SNN_LANES_PROTOTYPES(scalar)
#if defined(__x86_64__)
SNN_LANES_PROTOTYPES(avx2)
SNN_LANES_PROTOTYPES(avx512)
#elif defined(__aarch64__)
SNN_LANES_PROTOTYPES(neon)
#endif
