// SpMM on tiles in registers: sparse weights times a window of activations, the product behind every sparse convolution.
//
// A vector is as many floats as the variant has `lanes`. A tile is `rows` x `columns` vectors, and every output channel has
// one. For each record of `records`, in order, and its `count` entries, which lie one after the other in `entries`,
//
//     y[row][r][v] (+)= sum over entries of value * x[offset + r * x_row_stride + v],   0 <= r < rows
//                                                                                        0 <= v < floats of a tile row
//
// where element [row][r][v] of y is y[row * y_channel_stride + r * y_row_stride + v]. A tile row has lanes * columns
// floats or, in the `tail` variants, lanes * (columns - 1) + tail.
//
// - A record that starts a channel's sum overwrites y, which may hold NaN; others add to it.
// - A record that finishes a sum applies `epilogue`, if there is one, before it stores: bias, residual, bounds, in that
//   order. With a NULL epilogue it stores the sum.
// - Offsets and strides are in floats. Nothing need be aligned beyond 4 bytes; x aligned to a vector's size with
//   strides and offsets of whole vectors is fast.
// - Nothing is read but the entries, the records and the elements of x and y that the formula names, and the elements
//   of the bias and the residual that belong to finished sums; nothing else is written. y overlaps none of them.
// - An accumulator for each of up to `sets` entries in turn, added up at the end of a record, hides the latency of small
//   tiles: the order of summation is that of the variant, the same on every call.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "../cpu/cpu.h"
#include "../f32_epilogue/f32_epilogue.h"
#include "../f32_lanes/f32_lanes.h"

enum {
  /// Vectors of the largest tile.
  SNN_SPMM_VECTORS = 15,
};

/// A stored weight: its value and where its activations begin, in floats from the tile's `x`.
struct snn_spmm_entry {
  uint32_t offset;
  float value;
};

/// The entries that one output channel has in a block of input channels.
struct snn_spmm_record {
  /// The output channel, counted from the tile's.
  uint32_t row;
  /// The number of entries, and SNN_SPMM_STARTS and SNN_SPMM_FINISHES in the high bits.
  uint32_t count;
};

#define SNN_SPMM_STARTS 0x80000000u
#define SNN_SPMM_FINISHES 0x40000000u
#define SNN_SPMM_COUNT 0x3fffffffu

/// Where a tile lies; see the formula above.
struct snn_spmm_tile {
  const float *x;
  float *y;
  ptrdiff_t x_row_stride;
  ptrdiff_t y_row_stride;
  ptrdiff_t y_channel_stride;
  /// Floats of the last vector of a tile row, 1 to `lanes`; read by the `tail` variants only.
  uint32_t tail;
  const struct snn_f32_epilogue *epilogue;
};

typedef void (*snn_spmm_function)(
    const struct snn_spmm_tile *tile, const struct snn_spmm_record *records, size_t record_count,
    const struct snn_spmm_entry *entries);

/// A variant. `function` takes whole vectors, `tail` a shorter last one, and so does `padded_tail`, which reads x beyond it: all
/// floats of whole vectors must be there, whatever they are.
struct snn_spmm_kernel {
  const char *name;
  enum snn_isa isa;
  /// Floats of a vector.
  int lanes;
  int rows;
  int columns;
  snn_spmm_function function;
  snn_spmm_function tail;
  snn_spmm_function padded_tail;
};

enum {
  /// Floats of the largest window that snn_f32_spmm_windowed copies: what a first-level cache of 32 KiB holds beside sums and
  /// entries.
  SNN_SPMM_WINDOW = 7168,
};

/// Rows of planes that a tile of one row reads.
struct snn_spmm_window {
  const float *planes;
  ptrdiff_t plane_stride;
  size_t channel_count;
  /// Floats of a row.
  size_t length;
  /// Floats of a copied row: a multiple of the variant's `lanes`, at least `length`. At most SNN_SPMM_WINDOW for all channels.
  size_t copied_length;
};

/// Runs a variant of one row on a copy of a window, whose rows are aligned, whole vectors long and next to each other, with zeros
/// at their ends. The copy is on the stack. `tile->x` is not read; offsets of entries are from the copy's start.
void snn_f32_spmm_windowed(
    const struct snn_spmm_kernel *kernel, const struct snn_spmm_tile *tile, const struct snn_spmm_window *window,
    const struct snn_spmm_record *records, size_t record_count, const struct snn_spmm_entry *entries);

/// All variants that this build holds, whether or not this CPU can run them; within an instruction set by rows, then columns.
/// The scalar ones are the specification.
const struct snn_spmm_kernel *snn_f32_spmm_kernels(size_t *count);
