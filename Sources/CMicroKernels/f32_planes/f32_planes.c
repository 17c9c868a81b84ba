// One text for all processors: memory is what limits it, and four floats at a time keep up with that.
#include "f32_planes.h"

#include <stdint.h>

#include "../simd/inlining.h"

/// Four neighbouring floats, at any address.
typedef float quad __attribute__((vector_size(16), aligned(4)));
/// The same on a boundary of 16 bytes.
typedef float aligned_quad __attribute__((vector_size(16)));
typedef float pair __attribute__((vector_size(8), aligned(4)));

enum { QUAD = 4 };

INLINE aligned_quad load_quad(const float *from) { return *(const quad *)from; }

INLINE void store_quad(float *to, aligned_quad v, int streams) {
  if (streams) {
    __builtin_nontemporal_store(v, (aligned_quad *)to);
  } else {
    *(quad *)to = v;
  }
}

static int is_aligned(const float *address) { return (uintptr_t)address % sizeof(aligned_quad) == 0; }

/// Four floats, every other one from `from` on; reads no float after the last of them.
INLINE aligned_quad load_every_other(const float *from) {
  return __builtin_shufflevector(load_quad(from), load_quad(from + 3), 0, 2, 5, 7);
}

INLINE void compact_row(const float *from, size_t count, size_t stride, float *to) {
  size_t c = 0;
  for (; stride <= 2 && c + QUAD <= count; c += QUAD) {
    store_quad(to + c, stride == 1 ? load_quad(from + c) : load_every_other(from + 2 * c), 0);
  }
  for (; c < count; ++c) to[c] = from[c * stride];
}

INLINE void compact(const float *plane, const struct snn_plane_grid *grid, size_t column_stride, float *to) {
  for (size_t r = 0; r < grid->rows; ++r) {
    compact_row(plane + r * grid->row_stride * grid->plane_columns, grid->columns, column_stride, to);
    to += grid->columns;
  }
}

void snn_f32_compact(const float *plane, const struct snn_plane_grid *grid, float *to) {
  switch (grid->column_stride) {
    case 1: compact(plane, grid, 1, to); break;
    case 2: compact(plane, grid, 2, to); break;
    default: compact(plane, grid, grid->column_stride, to); break;
  }
}

/// Two floats and two zeros in turn.
INLINE aligned_quad load_between_zeros(const float *from) {
  const pair v = *(const pair *)from, zero = {0, 0};
  return __builtin_shufflevector(v, zero, 0, 2, 1, 3);
}

/// How the elements of a grid fill the rows of a plane.
enum filling {
  /// Side by side, from end to end.
  FULL,
  /// With a zero after each, but the last if the row ends with it.
  DOUBLE,
  OTHER,
};

static enum filling filling_of(const struct snn_plane_grid *grid) {
  if (grid->column_stride == 1 && grid->columns == grid->plane_columns) return FULL;
  if (grid->column_stride == 2 && grid->columns == (grid->plane_columns + 1) / 2) return DOUBLE;
  return OTHER;
}

INLINE void spread_row(
    const float *from, const struct snn_plane_grid *grid, enum filling filling, int streams, float *to) {
  const size_t length = grid->plane_columns, stride = grid->column_stride;
  size_t p = 0;
  for (; filling != OTHER && p + QUAD <= length; p += QUAD) {
    store_quad(to + p, filling == FULL ? load_quad(from + p) : load_between_zeros(from + p / 2), streams);
  }
  for (; p < length; ++p) to[p] = p % stride == 0 && p / stride < grid->columns ? from[p / stride] : 0;
}

INLINE void clear_row(size_t length, int streams, float *to) {
  const aligned_quad zero = {0, 0, 0, 0};
  size_t p = 0;
  for (; p + QUAD <= length; p += QUAD) store_quad(to + p, zero, streams);
  for (; p < length; ++p) to[p] = 0;
}

INLINE void spread(
    const float *from, const struct snn_plane_grid *grid, size_t plane_rows, enum filling filling, int streams,
    float *plane) {
  size_t next = 0;
  for (size_t r = 0; r < plane_rows; ++r, plane += grid->plane_columns) {
    if (next < grid->rows && r == next * grid->row_stride) {
      spread_row(from + next * grid->columns, grid, filling, streams, plane);
      ++next;
    } else {
      clear_row(grid->plane_columns, streams, plane);
    }
  }
}

void snn_f32_spread(
    const float *from, const struct snn_plane_grid *grid, size_t plane_rows, int streams, float *plane) {
  const enum filling filling = filling_of(grid);
  const int can_stream = streams && is_aligned(plane) && grid->plane_columns % QUAD == 0;
  if (filling == DOUBLE && can_stream) {
    spread(from, grid, plane_rows, DOUBLE, 1, plane);
  } else if (filling == DOUBLE) {
    spread(from, grid, plane_rows, DOUBLE, 0, plane);
  } else if (filling == FULL) {
    spread(from, grid, plane_rows, FULL, 0, plane);
  } else {
    spread(from, grid, plane_rows, OTHER, 0, plane);
  }
}

void snn_f32_stream(const float *from, size_t count, float *to) {
  size_t i = 0;
  for (; i < count && !is_aligned(to + i); ++i) to[i] = from[i];
  for (; i + QUAD <= count; i += QUAD) store_quad(to + i, load_quad(from + i), 1);
  for (; i < count; ++i) to[i] = from[i];
}
