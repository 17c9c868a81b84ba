// Elements that lie apart in a plane, next to each other, and back: what a 1x1 convolution with a stride reads and its input
// gradient writes. And stores that go past the cache.
//
// Columns and their strides are in floats. Nothing need be aligned beyond 4 bytes. Nothing is read or written but what the formulas name and,
// between two elements of a row that are read, what lies there. Operands do not overlap.
#pragma once

#include <stddef.h>

/// Every `row_stride`-th row of a plane, and of these every `column_stride`-th element, from the first on.
struct snn_plane_grid {
  size_t rows;
  size_t columns;
  /// From one row to the next, in rows of the plane.
  size_t row_stride;
  size_t column_stride;
  /// Floats of a row of the plane.
  size_t plane_columns;
};

/// The elements of a grid, row by row:
///
///     to[r * columns + c] = plane[r * row_stride * plane_columns + c * column_stride]
void snn_f32_compact(const float *plane, const struct snn_plane_grid *grid, float *to);

/// The first `plane_rows` rows of a plane that has such elements on the grid and 0 elsewhere: the inverse of compact. The grid's rows
/// are those among them.
///
/// If `streams`, stores go past the cache, and `snn_stream_fence` must follow before another thread reads.
void snn_f32_spread(
    const float *from, const struct snn_plane_grid *grid, size_t plane_rows, int streams, float *plane);

/// Copies floats, past the cache; `snn_stream_fence` must follow before another thread reads. Calls for neighbours, one after the
/// other, fill lines together.
void snn_f32_stream(const float *from, size_t count, float *to);

/// Makes this thread's stores past the cache visible before those that follow.
static inline void snn_stream_fence(void) {
#if defined(__x86_64__)
  __builtin_ia32_sfence();
#else
  __atomic_thread_fence(__ATOMIC_RELEASE);
#endif
}
