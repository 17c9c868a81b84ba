// Eight or sixteen far places side by side: the layout in which every tap of a convolution is an aligned vector.
//
// Lane l of a vector belongs to region l, one of eight or sixteen regions of equal size anywhere in a batch of images. Vector j of a
// row of the layout holds element j of a row of each region, so that a shift by one pixel is a shift by one vector.
// `gather` makes such rows from planes, with zeros where a region's window leaves the image; `scatter` stores rows of sums
// back to planes; where sums of several phases alternate in a plane, it stores their rows together.
//
// Strides and offsets are in floats. Nothing is written but the elements that the formulas name; nothing is read but these,
// what lies between two of them in a row of a plane, and all of a vector of `lanes` that holds one. `lanes` overlaps no plane,
// and the epilogue's residual no plane that is stored to.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "../cpu/cpu.h"
#include "../f32_epilogue/f32_epilogue.h"

enum {
  /// Floats of one vector.
  SNN_LANES = 8,
  /// Floats of a vector that is twice as wide.
  SNN_WIDE_LANES = 16,
};

/// A lane's part of a row: elements `first` to `end` - 1 lie in its plane, the others do not.
struct snn_lane {
  /// Where element 0 lies or would lie, from the start of the plane.
  ptrdiff_t offset;
  /// 0 or more.
  int32_t first;
  /// At most the row's length; not above `first` where the lane has no element.
  int32_t end;
};

/// A row of lanes of each of several channels.
struct snn_lane_row {
  /// As many as `lane_count`; the others are not read.
  struct snn_lane lane[SNN_WIDE_LANES];
  /// Elements of the row in each lane, that is vectors.
  size_t length;
  size_t channel_count;
  /// From one channel's plane to the next.
  ptrdiff_t plane_stride;
  /// From one channel's row of lanes to the next.
  ptrdiff_t lanes_stride;
  /// Floats of a vector: SNN_LANES or SNN_WIDE_LANES.
  int32_t lane_count;

  // Read by gather only.

  /// From one element of a row to the next, in the plane; 1 or more.
  ptrdiff_t element_stride;
  /// Where the first channel's row of lanes begins.
  ptrdiff_t lanes_offset;

  // Read by scatter only.

  /// The elements of a row are in turn those of so many phases; 1 or more.
  int32_t phase_count;
  /// For each phase, which row of lanes has its sums; -1 where they are all zero.
  const int32_t *phase_rows;
  /// From one of these rows to the next.
  ptrdiff_t phase_stride;
};

/// For each row, channels c and elements j of the row, in each lane l:
///
///     lanes[lanes_offset + c * lanes_stride + lane_count * j + l] = plane[c * plane_stride + offset + j * element_stride]
///
/// where first <= j < end, and 0 elsewhere.
///
/// All rows have the same strides, apart from `lanes_offset`, and as many channels and lanes. Elsewhere in the planes only hints to the
/// cache may lead.
void snn_f32_gather_lanes(
    enum snn_isa isa, const struct snn_lane_row *rows, size_t row_count, const float *plane, float *lanes);

/// For channels c, in each lane l, where first <= j < end:
///
///     plane[p] = finished(lanes[c * lanes_stride + row * phase_stride + lane_count * (j / phase_count) + l]),
///     row = phase_rows[j % phase_count],  p = c * plane_stride + offset + j
///
/// with the epilogue's bias of channel c and its residual at p; finished(0) where `row` is -1.
void snn_f32_scatter_lanes(
    enum snn_isa isa, const struct snn_lane_row *row, const float *lanes, const struct snn_f32_epilogue *epilogue,
    float *plane);
