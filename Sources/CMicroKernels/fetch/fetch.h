// Hints to the cache.
#pragma once

#include <stddef.h>

/// Asks the second-level cache for `length` floats at the same place of each of `count` planes: pieces too short and too far
/// apart for the hardware to see where they lead.
static inline void snn_fetch_planes(const float *from, ptrdiff_t plane_stride, size_t count, size_t length) {
  enum { LINE = 16 };
  for (size_t c = 0; c < count; ++c) {
    const float *plane = from + (ptrdiff_t)c * plane_stride;
    for (size_t i = 0; i < length; i += LINE) __builtin_prefetch(plane + i, 0, 2);
  }
}
