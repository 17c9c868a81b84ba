// AVX2: four elements of eight lanes at a time, as two 4x4 transposes, one in each half of four vectors.
#include "variants.h"

#if defined(__x86_64__)
#include "../simd/avx2.h"

/// What all channels of a row have in common.
struct common {
  /// Where each lane's element 0 lies; a lane without elements borrows another's place and is masked.
  ptrdiff_t offset[SNN_LANES];
  __m256 mask;
  /// Bit l is set if lane l has elements.
  unsigned used;
  /// The elements that every lane with elements has.
  int32_t first;
  int32_t end;
  /// From the first to the last that any lane has.
  int32_t any_first;
  int32_t any_end;
};

AVX2 static struct common find_common(const struct snn_lane_row *row) {
  struct common common = {.first = 0, .end = (int32_t)row->length, .any_first = (int32_t)row->length, .any_end = 0};
  int32_t mask[SNN_LANES];
  ptrdiff_t borrowed = 0;
  for (int l = SNN_LANES - 1; l >= 0; --l) {
    const struct snn_lane *lane = &row->lane[l];
    mask[l] = lane->first < lane->end ? -1 : 0;
    if (!mask[l]) continue;
    common.used |= 1u << l;
    borrowed = lane->offset;
    if (lane->first > common.first) common.first = lane->first;
    if (lane->end < common.end) common.end = lane->end;
    if (lane->first < common.any_first) common.any_first = lane->first;
    if (lane->end > common.any_end) common.any_end = lane->end;
  }
  if (!common.used) common.end = 0;
  if (common.end < common.first) common.end = common.first;
  for (int l = 0; l < SNN_LANES; ++l) common.offset[l] = mask[l] ? row->lane[l].offset : borrowed;
  common.mask = _mm256_castsi256_ps(_mm256_loadu_si256((const __m256i *)mask));
  return common;
}

/// Four elements from `from` on, one or two apart, of one plane.
AVX2 INLINE __m128 load_four(const float *from, int stride) {
  const __m128 low = _mm_loadu_ps(from);
  // The second load ends with the last element, so that nothing behind it is read.
  return stride == 1 ? low : _mm_shuffle_ps(low, _mm_loadu_ps(from + 3), _MM_SHUFFLE(3, 1, 2, 0));
}

AVX2 INLINE void gather_four(const struct common *common, const float *plane, float *lanes, int32_t j, int stride) {
  __m256 v[4];
  UNROLL for (int l = 0; l < 4; ++l) {
    const __m128 low = load_four(plane + common->offset[l] + j * stride, stride);
    const __m128 high = load_four(plane + common->offset[l + 4] + j * stride, stride);
    v[l] = _mm256_insertf128_ps(_mm256_castps128_ps256(low), high, 1);
  }
  snn_transpose_halves(v);
  UNROLL for (int i = 0; i < 4; ++i) {
    _mm256_storeu_ps(lanes + SNN_LANES * (j + i), _mm256_and_ps(v[i], common->mask));
  }
}

/// Elements `first` to `end` - 1, which some lanes may not have.
static void gather_edge(
    const struct snn_lane_row *row, const float *plane, float *lanes, int32_t first, int32_t end) {
  for (int32_t j = first; j < end; ++j) {
    for (int l = 0; l < SNN_LANES; ++l) {
      const struct snn_lane *lane = &row->lane[l];
      const int inside = lane->first <= j && j < lane->end;
      lanes[SNN_LANES * j + l] = inside ? plane[lane->offset + j * row->element_stride] : 0;
    }
  }
}

/// Asks for what a row reads of another channel.
AVX2 INLINE void fetch_row(const struct common *common, const float *plane, int stride) {
  enum { LINE = 16 };
  const int32_t length = (common->end - common->first) * stride;
  UNROLL for (int l = 0; l < SNN_LANES; ++l) {
    const float *from = plane + common->offset[l] + common->first * stride;
    for (int32_t i = 0; i < length; i += LINE) _mm_prefetch((const char *)(from + i), _MM_HINT_T0);
  }
}

AVX2 INLINE void clear(float *lanes, int32_t first, int32_t end) {
  for (int32_t j = first; j < end; ++j) _mm256_storeu_ps(lanes + SNN_LANES * j, _mm256_setzero_ps());
}

AVX2 INLINE void gather_row(
    const struct snn_lane_row *row, const struct common *common, const float *plane, float *lanes, int stride) {
  const int32_t length = (int32_t)row->length;
  if (!common->used) {
    clear(lanes, 0, length);
    return;
  }
  clear(lanes, 0, common->any_first);
  if (common->end - common->first < 4) {
    gather_edge(row, plane, lanes, common->any_first, common->any_end);
  } else {
    gather_edge(row, plane, lanes, common->any_first, common->first);
    int32_t j = common->first;
    for (; j + 4 <= common->end; j += 4) gather_four(common, plane, lanes, j, stride);
    if (j < common->end) gather_four(common, plane, lanes, common->end - 4, stride);
    gather_edge(row, plane, lanes, common->end, common->any_end);
  }
  clear(lanes, common->any_end, length);
}

enum {
  /// Rows whose common parts are found at a time.
  ROWS = 16,
  /// How many channels ahead the cache is asked for: together they take about as long as memory does.
  CHANNELS_AHEAD = 2,
  STORES_AHEAD = 8,
};

AVX2 INLINE void gather(
    const struct snn_lane_row *rows, size_t row_count, const float *plane, float *lanes, int stride) {
  struct common common[ROWS];
  for (size_t r = 0; r < row_count; ++r) common[r] = find_common(&rows[r]);
  for (size_t c = 0; c < rows->channel_count; ++c) {
    const int is_last = c + CHANNELS_AHEAD >= rows->channel_count;
    for (size_t r = 0; r < row_count; ++r) {
      if (!is_last && common[r].used) fetch_row(&common[r], plane + CHANNELS_AHEAD * rows->plane_stride, stride);
      gather_row(&rows[r], &common[r], plane, lanes + rows[r].lanes_offset, stride);
    }
    plane += rows->plane_stride;
    lanes += rows->lanes_stride;
  }
}

AVX2 void snn_f32_gather_lanes_avx2(
    const struct snn_lane_row *rows, size_t row_count, const float *plane, float *lanes) {
  for (size_t r = 0; r < row_count; r += ROWS) {
    const size_t count = row_count - r < ROWS ? row_count - r : ROWS;
    if (rows->element_stride == 1) {
      gather(rows + r, count, plane, lanes, 1);
    } else if (rows->element_stride == 2) {
      gather(rows + r, count, plane, lanes, 2);
    } else {
      snn_f32_gather_lanes_scalar(rows + r, count, plane, lanes);
    }
  }
}

/// The epilogue of one channel, in registers.
struct finish {
  __m256 bias;
  __m256 lower;
  __m256 upper;
  const float *residual;
};

AVX2 INLINE void store_four(__m128 vsum, float *plane, ptrdiff_t place, const struct finish *finish, int has_residual) {
  if (has_residual) {
    vsum = _mm_add_ps(vsum, _mm_loadu_ps(finish->residual + place));
    vsum = _mm_max_ps(_mm256_castps256_ps128(finish->lower), vsum);
    vsum = _mm_min_ps(_mm256_castps256_ps128(finish->upper), vsum);
  }
  _mm_storeu_ps(plane + place, vsum);
}

AVX2 INLINE void scatter_four(
    const struct common *common, const float *lanes, const struct finish *finish, float *plane, ptrdiff_t start,
    int has_residual, int has_all) {
  __m256 v[4];
  UNROLL for (int i = 0; i < 4; ++i) {
    v[i] = _mm256_add_ps(_mm256_loadu_ps(lanes + SNN_LANES * i), finish->bias);
    if (!has_residual) v[i] = _mm256_min_ps(finish->upper, _mm256_max_ps(finish->lower, v[i]));
  }
  snn_transpose_halves(v);
  UNROLL for (int l = 0; l < 4; ++l) {
    if (has_all || common->used & 1u << l) {
      store_four(_mm256_castps256_ps128(v[l]), plane, start + common->offset[l], finish, has_residual);
    }
    if (has_all || common->used & 16u << l) {
      store_four(_mm256_extractf128_ps(v[l], 1), plane, start + common->offset[l + 4], finish, has_residual);
    }
  }
}

/// Elements `first` to `end` - 1 of the lanes that have them.
static void scatter_edge(
    const struct snn_lane_row *row, const float *lanes, const struct snn_f32_epilogue *epilogue, float *plane, size_t c,
    int32_t first, int32_t end) {
  for (int l = 0; l < SNN_LANES; ++l) {
    const struct snn_lane *lane = &row->lane[l];
    const int32_t from = lane->first > first ? lane->first : first, to = lane->end < end ? lane->end : end;
    for (int32_t j = from; j < to; ++j) {
      const ptrdiff_t place = (ptrdiff_t)c * row->plane_stride + lane->offset + j * row->element_stride;
      plane[place] = snn_finished(lanes[SNN_LANES * j + l], epilogue, c, place);
    }
  }
}

AVX2 INLINE void scatter(
    const struct snn_lane_row *row, const struct common *common, const float *lanes,
    const struct snn_f32_epilogue *epilogue, float *plane, int has_residual, int has_all) {
  const int32_t length = (int32_t)row->length;
  struct finish finish = {
      .lower = _mm256_set1_ps(epilogue->lower),
      .upper = _mm256_set1_ps(epilogue->upper),
      .residual = epilogue->residual,
  };
  for (size_t c = 0; c < row->channel_count; ++c) {
    const ptrdiff_t start = (ptrdiff_t)c * row->plane_stride;
    if (c + STORES_AHEAD < row->channel_count) {
      UNROLL for (int l = 0; l < SNN_LANES; ++l) {
        __builtin_prefetch(plane + start + STORES_AHEAD * row->plane_stride + common->offset[l], 1);
      }
    }
    // Adding -0 changes nothing, not even the sign of a zero.
    finish.bias = _mm256_set1_ps(epilogue->bias ? epilogue->bias[c] : -0.0f);
    for (int32_t j = common->first; j < common->end; j += 4) {
      // The last four end with the row, even if others had some of them.
      const int32_t from = j + 4 <= common->end ? j : common->end - 4;
      scatter_four(common, lanes + SNN_LANES * from, &finish, plane, start + from, has_residual, has_all);
    }
    if (common->first > 0) scatter_edge(row, lanes, epilogue, plane, c, 0, common->first);
    if (common->end < length) scatter_edge(row, lanes, epilogue, plane, c, common->end, length);
    lanes += row->lanes_stride;
  }
}

AVX2 void snn_f32_scatter_lanes_avx2(
    const struct snn_lane_row *row, const float *lanes, const struct snn_f32_epilogue *epilogue, float *plane) {
  const struct common common = find_common(row);
  if (row->element_stride != 1 || common.end - common.first < 4) {
    snn_f32_scatter_lanes_scalar(row, lanes, epilogue, plane);
  } else if (epilogue->residual) {
    scatter(row, &common, lanes, epilogue, plane, 1, 0);
  } else if (common.used != 0xff) {
    scatter(row, &common, lanes, epilogue, plane, 0, 0);
  } else {
    scatter(row, &common, lanes, epilogue, plane, 0, 1);
  }
}
#endif
