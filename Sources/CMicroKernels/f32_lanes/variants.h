// The variants behind f32_lanes.h, one file each.
#pragma once

#include "f32_lanes.h"

#define SNN_LANES_PROTOTYPES(isa)                                                                                    \
  void snn_f32_gather_lanes_##isa(                                                                                   \
      const struct snn_lane_row *rows, size_t row_count, const float *plane, float *lanes);                          \
  void snn_f32_scatter_lanes_##isa(                                                                                  \
      const struct snn_lane_row *row, const float *lanes, const struct snn_f32_epilogue *epilogue, float *plane);

SNN_LANES_PROTOTYPES(scalar)
#if defined(__x86_64__)
SNN_LANES_PROTOTYPES(avx2)
#elif defined(__aarch64__)
SNN_LANES_PROTOTYPES(neon)
#endif
