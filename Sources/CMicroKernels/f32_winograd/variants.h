// The variants behind f32_winograd.h, one file each, and the constants of its matrices.
#pragma once

#include "f32_winograd.h"

/// The points of M = 4 and what the matrices have of them.
#define SNN_WINOGRAD_A 0.625f
#define SNN_WINOGRAD_B 1.5f
#define SNN_WINOGRAD_AA (SNN_WINOGRAD_A * SNN_WINOGRAD_A)
#define SNN_WINOGRAD_BB (SNN_WINOGRAD_B * SNN_WINOGRAD_B)

#define SNN_WINOGRAD_DECLARE(isa)                                                                                              \
  void snn_f32_winograd_window_##isa(                                                                                          \
      int m, const struct snn_winograd_group *groups, size_t group_count, const float *input, ptrdiff_t row_stride,            \
      ptrdiff_t plane_stride, size_t channel_count, const struct snn_winograd_planes *layout, float *planes);                  \
  void snn_f32_winograd_output_##isa(                                                                                          \
      int m, const struct snn_winograd_tile *tiles, size_t tile_count, const float *planes,                                    \
      const struct snn_winograd_planes *layout, size_t channel_count, const struct snn_f32_epilogue *epilogue, float *output,  \
      ptrdiff_t row_stride, ptrdiff_t plane_stride);

SNN_WINOGRAD_DECLARE(scalar)
#if defined(__x86_64__)
SNN_WINOGRAD_DECLARE(avx2)
#elif defined(__aarch64__)
SNN_WINOGRAD_DECLARE(neon)
#endif
