// SDDMM on tiles in registers: products of two dense operands at the stored positions only, which is the gradient of sparse
// weights.
//
// Tiles, records and entries are those of f32_spmm.h, and a vector is as many floats as the variant has `lanes`; values of
// entries are not read. For each record, in order, and its entries, which e = 0, 1, ... counts
// through all records:
//
//     sums[e] += sum of g[row][r][v] * x[offset + r * x_row_stride + v],   0 <= r < rows
//                                                                           0 <= v < lanes * columns
//
// where element [row][r][v] of g is g[row * g_channel_stride + r * g_row_stride + v].
//
// - Offsets and strides are in floats. Nothing need be aligned beyond 4 bytes.
// - Nothing is read but the records, offsets of their entries, and the elements that the formula names; nothing but the sums is
//   written, which overlap none of them.
// - The order of summation is that of the variant, the same on every call.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "../cpu/cpu.h"
#include "../f32_spmm/f32_spmm.h"

enum {
  /// Vectors of the largest tile: fewer than in f32_spmm, since sums need registers too.
  SNN_SDDMM_VECTORS = 12,
};

/// Where a tile lies; see the formula above.
struct snn_sddmm_tile {
  const float *x;
  const float *g;
  ptrdiff_t x_row_stride;
  ptrdiff_t g_row_stride;
  ptrdiff_t g_channel_stride;
};

typedef void (*snn_sddmm_function)(
    const struct snn_sddmm_tile *tile, const struct snn_spmm_record *records, size_t record_count,
    const struct snn_spmm_entry *entries, float *sums);

/// A variant.
struct snn_sddmm_kernel {
  const char *name;
  enum snn_isa isa;
  /// Floats of a vector.
  int lanes;
  int rows;
  int columns;
  snn_sddmm_function function;
};

/// All variants that this build holds, whether or not this CPU can run them; within an instruction set by rows, then columns.
/// The scalar ones are the specification.
const struct snn_sddmm_kernel *snn_f32_sddmm_kernels(size_t *count);
