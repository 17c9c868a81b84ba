// Micro-kernels of instruction sets that this processor may lack, for tests: the texts of CMicroKernels compiled once more, with
// SIMDe's functions in place of the processor's instructions.
//
// Empty on other processors than x86-64, and where SIMDe (Debian's libsimde-dev) was not there when this was built.
#pragma once

#include <stddef.h>

#include "CMicroKernels.h"

/// Variants of f32_spmm, as in snn_f32_spmm_kernels. They are plain C to the processor, so their set is SNN_ISA_SCALAR.
const struct snn_spmm_kernel *snn_emulated_spmm_avx512_kernels(size_t *count);
const struct snn_spmm_kernel *snn_emulated_spmm_neon_kernels(size_t *count);

/// Variants of f32_sddmm, as in snn_f32_sddmm_kernels.
const struct snn_sddmm_kernel *snn_emulated_sddmm_avx512_kernels(size_t *count);
const struct snn_sddmm_kernel *snn_emulated_sddmm_neon_kernels(size_t *count);

/// The operations that take `enum snn_isa`, for one emulated set: as in f32_lanes.h and f32_winograd.h. NULL where the set has no
/// variant of its own.
struct snn_emulated_set {
  const char *name;
  void (*gather_lanes)(const struct snn_lane_row *rows, size_t row_count, const float *plane, float *lanes);
  void (*scatter_lanes)(
      const struct snn_lane_row *row, const float *lanes, const struct snn_f32_epilogue *epilogue, float *plane);
  void (*winograd_window)(
      int m, const struct snn_winograd_group *groups, size_t group_count, const float *input, ptrdiff_t row_stride,
      ptrdiff_t plane_stride, size_t channel_count, const struct snn_winograd_planes *layout, float *planes);
  void (*winograd_output)(
      int m, const struct snn_winograd_tile *tiles, size_t tile_count, const float *planes,
      const struct snn_winograd_planes *layout, size_t channel_count, const struct snn_f32_epilogue *epilogue,
      float *output, ptrdiff_t row_stride, ptrdiff_t plane_stride);
};

/// All such sets.
const struct snn_emulated_set *snn_emulated_sets(size_t *count);
