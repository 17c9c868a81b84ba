// AVX2: eight tiles side by side.
#include "variants.h"

#if defined(__x86_64__)
#include "../simd/avx2.h"

enum {
  M = SNN_WINOGRAD_M,
  N = SNN_WINOGRAD_N,
  TILES = SNN_WINOGRAD_TILES,
  /// Floats of a row of a group's windows, each run on whole vectors, and what a vector's load of the last tile reads behind.
  LINE = 8 * TILES + 8,
};

static const float no_row[LINE];

/// The 1-D transform of a window: B' * x.
AVX2 INLINE void transform_window(int m, const __m256 x[N], __m256 y[N]) {
  if (m == 2) {
    y[0] = _mm256_sub_ps(x[2], x[0]);
    y[1] = _mm256_add_ps(x[1], x[2]);
    y[2] = _mm256_sub_ps(x[2], x[1]);
    y[3] = _mm256_sub_ps(x[3], x[1]);
    return;
  }
  const __m256 a = _mm256_set1_ps(SNN_WINOGRAD_A), b = _mm256_set1_ps(SNN_WINOGRAD_B);
  const __m256 aa = _mm256_set1_ps(SNN_WINOGRAD_AA), bb = _mm256_set1_ps(SNN_WINOGRAD_BB);
  const __m256 aabb = _mm256_set1_ps(SNN_WINOGRAD_AA * SNN_WINOGRAD_BB);
  const __m256 sum = _mm256_set1_ps(SNN_WINOGRAD_AA + SNN_WINOGRAD_BB);
  const __m256 even_a = _mm256_fnmadd_ps(bb, x[2], x[4]), odd_a = _mm256_fnmadd_ps(bb, x[1], x[3]);
  const __m256 even_b = _mm256_fnmadd_ps(aa, x[2], x[4]), odd_b = _mm256_fnmadd_ps(aa, x[1], x[3]);
  y[0] = _mm256_fmadd_ps(aabb, x[0], _mm256_fnmadd_ps(sum, x[2], x[4]));
  y[1] = _mm256_fmadd_ps(a, odd_a, even_a);
  y[2] = _mm256_fnmadd_ps(a, odd_a, even_a);
  y[3] = _mm256_fmadd_ps(b, odd_b, even_b);
  y[4] = _mm256_fnmadd_ps(b, odd_b, even_b);
  y[5] = _mm256_fmadd_ps(aabb, x[1], _mm256_fnmadd_ps(sum, x[3], x[5]));
}

/// The 1-D transform of sums: A' * x.
AVX2 INLINE void transform_sums(int m, const __m256 x[N], __m256 y[M]) {
  const __m256 even_a = _mm256_add_ps(x[1], x[2]), odd_a = _mm256_sub_ps(x[1], x[2]);
  if (m == 2) {
    y[0] = _mm256_add_ps(x[0], even_a);
    y[1] = _mm256_add_ps(odd_a, x[3]);
    return;
  }
  const __m256 a = _mm256_set1_ps(SNN_WINOGRAD_A), b = _mm256_set1_ps(SNN_WINOGRAD_B);
  const __m256 aa = _mm256_set1_ps(SNN_WINOGRAD_AA), bb = _mm256_set1_ps(SNN_WINOGRAD_BB);
  const __m256 aaa = _mm256_set1_ps(SNN_WINOGRAD_A * SNN_WINOGRAD_AA);
  const __m256 bbb = _mm256_set1_ps(SNN_WINOGRAD_B * SNN_WINOGRAD_BB);
  const __m256 even_b = _mm256_add_ps(x[3], x[4]), odd_b = _mm256_sub_ps(x[3], x[4]);
  y[0] = _mm256_add_ps(_mm256_add_ps(x[0], even_a), even_b);
  y[1] = _mm256_fmadd_ps(a, odd_a, _mm256_mul_ps(b, odd_b));
  y[2] = _mm256_fmadd_ps(aa, even_a, _mm256_mul_ps(bb, even_b));
  y[3] = _mm256_fmadd_ps(aaa, odd_a, _mm256_fmadd_ps(bbb, odd_b, x[5]));
}

/// B' times a run's rows, from column 0 on, eight columns at a time; elsewhere than in the image they are 0.
AVX2 INLINE void transform_rows(
    int m, const struct snn_winograd_run *run, const float *input, ptrdiff_t row_stride, float *lines) {
  const int n = m + 2, column_count = m * run->tile_count + 2;
  const float *rows[N];
  UNROLL for (int p = 0; p < n; ++p) {
    rows[p] = run->first_row <= p && p < run->end_row ? input + run->offset + p * row_stride : no_row;
  }
  for (int column = 0; column < column_count; column += 8) {
    __m256 x[N], y[N];
    if (run->first_column <= column && column + 8 <= run->end_column) {
      UNROLL for (int p = 0; p < n; ++p) x[p] = _mm256_loadu_ps(rows[p] + column);
    } else {
      const int last = run->end_column - column, first = run->first_column - column;
      const __m256i mask = _mm256_andnot_si256(
          snn_first_lanes((uint32_t)(first > 0 ? first < 8 ? first : 8 : 0)),
          snn_first_lanes((uint32_t)(last > 0 ? last < 8 ? last : 8 : 0)));
      UNROLL for (int p = 0; p < n; ++p) x[p] = _mm256_maskload_ps(rows[p] + column, mask);
    }
    transform_window(m, x, y);
    UNROLL for (int p = 0; p < n; ++p) _mm256_storeu_ps(lines + p * LINE + column, y[p]);
  }
}

/// Four floats of each of eight tiles, as vectors of eight tiles.
AVX2 INLINE void load_tiles(const float *line, const int32_t place[TILES], __m256 x[4]) {
  UNROLL for (int l = 0; l < 4; ++l) {
    const __m128 low = _mm_loadu_ps(line + place[l]), high = _mm_loadu_ps(line + place[l + 4]);
    x[l] = _mm256_insertf128_ps(_mm256_castps128_ps256(low), high, 1);
  }
  snn_transpose_halves(x);
}

AVX2 INLINE void transform_group(
    int m, const struct snn_winograd_group *group, const float *input, ptrdiff_t row_stride, float *lines,
    ptrdiff_t position_stride, float *planes) {
  const int n = m + 2;
  int32_t place[TILES];
  int tile = 0, start = 0;
  for (size_t r = 0; r < group->run_count; ++r) {
    const struct snn_winograd_run *run = &group->run[r];
    transform_rows(m, run, input, row_stride, lines + start);
    for (int t = 0; t < run->tile_count; ++t) place[tile++] = start + m * t;
    start += (m * run->tile_count + 2 + 7) & ~7;
  }
  for (; tile < TILES; ++tile) place[tile] = 0;
  UNROLL for (int i = 0; i < n; ++i) {
    __m256 x[8], y[N];
    load_tiles(lines + i * LINE, place, x);
    // Of the next four only two are the window's.
    if (m == 4) load_tiles(lines + i * LINE + 4, place, x + 4);
    transform_window(m, x, y);
    UNROLL for (int j = 0; j < n; ++j) _mm256_storeu_ps(planes + (n * i + j) * position_stride, y[j]);
  }
}

AVX2 INLINE void transform_windows(
    int m, const struct snn_winograd_group *groups, size_t group_count, const float *input, ptrdiff_t row_stride,
    ptrdiff_t plane_stride, size_t channel_count, const struct snn_winograd_planes *layout, float *planes) {
  float lines[N * LINE] = {0};
  for (size_t c = 0; c < channel_count; ++c) {
    for (size_t g = 0; g < group_count; ++g) {
      transform_group(
          m, &groups[g], input, row_stride, lines, layout->position_stride, planes + (ptrdiff_t)g * TILES);
    }
    input += plane_stride;
    planes += layout->channel_stride;
  }
}

AVX2 void snn_f32_winograd_window_avx2(
    int m, const struct snn_winograd_group *groups, size_t group_count, const float *input, ptrdiff_t row_stride,
    ptrdiff_t plane_stride, size_t channel_count, const struct snn_winograd_planes *layout, float *planes) {
  if (m == 2) {
    transform_windows(2, groups, group_count, input, row_stride, plane_stride, channel_count, layout, planes);
  } else {
    transform_windows(4, groups, group_count, input, row_stride, plane_stride, channel_count, layout, planes);
  }
}

/// The epilogue of one channel, in registers.
struct finish {
  __m256 bias;
  __m256 lower;
  __m256 upper;
  const float *residual;
};

/// The first `count` of four floats, 1 to 4.
AVX2 INLINE __m128 load_first(const float *from, int count) {
  switch (count) {
    case 1: return _mm_load_ss(from);
    case 2: return _mm_castpd_ps(_mm_load_sd((const double *)from));
    case 3: return _mm_movelh_ps(_mm_castpd_ps(_mm_load_sd((const double *)from)), _mm_load_ss(from + 2));
    default: return _mm_loadu_ps(from);
  }
}

AVX2 INLINE void store_first(float *to, __m128 v, int count) {
  if (count == 4) {
    _mm_storeu_ps(to, v);
    return;
  }
  if (count & 2) {
    _mm_storel_pi((__m64 *)to, v);
    v = _mm_movehl_ps(v, v);
    to += 2;
  }
  if (count & 1) _mm_store_ss(to, v);
}

/// Stores the first `count` elements of a tile's row.
AVX2 INLINE void store_row(
    __m128 vsum, float *output, ptrdiff_t place, int count, const struct finish *finish, int has_residual) {
  if (has_residual) {
    vsum = _mm_add_ps(vsum, load_first(finish->residual + place, count));
    // The second operand is the result where either is NaN.
    vsum = _mm_max_ps(_mm256_castps256_ps128(finish->lower), vsum);
    vsum = _mm_min_ps(_mm256_castps256_ps128(finish->upper), vsum);
  }
  store_first(output + place, vsum, count);
}

/// A row of eight tiles, of M columns each.
AVX2 INLINE void store_rows(
    int m, __m256 v[M], float *output, ptrdiff_t row, int y, const struct snn_winograd_tile *tiles, int count,
    const struct finish *finish, int has_residual, int is_whole) {
  UNROLL for (int x = 0; x < m; ++x) {
    v[x] = _mm256_add_ps(v[x], finish->bias);
    if (!has_residual) v[x] = _mm256_min_ps(finish->upper, _mm256_max_ps(finish->lower, v[x]));
  }
  if (m == 2) v[2] = v[3] = v[0];
  snn_transpose_halves(v);
  UNROLL for (int l = 0; l < TILES; ++l) {
    if (!is_whole && (l >= count || y >= tiles[l].row_count)) continue;
    const __m128 vsum = l < 4 ? _mm256_castps256_ps128(v[l]) : _mm256_extractf128_ps(v[l - 4], 1);
    const int columns = is_whole ? m : tiles[l].column_count;
    store_row(vsum, output, row + tiles[l].offset, columns, finish, has_residual);
  }
}

AVX2 INLINE void output_group(
    int m, const struct snn_winograd_tile *tiles, int count, const float *planes, ptrdiff_t position_stride, float *output,
    ptrdiff_t plane, ptrdiff_t row_stride, const struct finish *finish, int has_residual, int is_whole) {
  const int n = m + 2;
  __m256 columns[M][N];
  UNROLL for (int j = 0; j < n; ++j) {
    __m256 x[N], y[M];
    UNROLL for (int i = 0; i < n; ++i) x[i] = _mm256_loadu_ps(planes + (n * i + j) * position_stride);
    transform_sums(m, x, y);
    UNROLL for (int i = 0; i < m; ++i) columns[i][j] = y[i];
  }
  UNROLL for (int i = 0; i < m; ++i) {
    __m256 y[M];
    transform_sums(m, columns[i], y);
    store_rows(m, y, output, plane + i * row_stride, i, tiles, count, finish, has_residual, is_whole);
  }
}

/// Whether eight tiles are there and none is cut off.
static int are_whole(int m, const struct snn_winograd_tile *tiles, size_t count) {
  if (count < TILES) return 0;
  for (int l = 0; l < TILES; ++l) {
    if (tiles[l].row_count != m || tiles[l].column_count != m) return 0;
  }
  return 1;
}

AVX2 INLINE void output_groups(
    int m, const struct snn_winograd_tile *tiles, size_t tile_count, const float *planes,
    const struct snn_winograd_planes *layout, size_t channel_count, const struct snn_f32_epilogue *epilogue, float *output,
    ptrdiff_t row_stride, ptrdiff_t plane_stride) {
  struct finish finish = {
      .lower = _mm256_set1_ps(epilogue->lower),
      .upper = _mm256_set1_ps(epilogue->upper),
      .residual = epilogue->residual,
  };
  const ptrdiff_t position_stride = layout->position_stride;
  for (size_t c = 0; c < channel_count; ++c) {
    // Adding -0 changes nothing, not even the sign of a zero.
    finish.bias = _mm256_set1_ps(epilogue->bias ? epilogue->bias[c] : -0.0f);
    const ptrdiff_t plane = (ptrdiff_t)c * plane_stride;
    for (size_t t = 0; t < tile_count; t += TILES) {
      const int count = tile_count - t < TILES ? (int)(tile_count - t) : TILES;
      if (finish.residual) {
        output_group(
            m, tiles + t, count, planes + t, position_stride, output, plane, row_stride, &finish, 1, 0);
      } else if (are_whole(m, tiles + t, tile_count - t)) {
        output_group(m, tiles + t, TILES, planes + t, position_stride, output, plane, row_stride, &finish, 0, 1);
      } else {
        output_group(m, tiles + t, count, planes + t, position_stride, output, plane, row_stride, &finish, 0, 0);
      }
    }
    planes += layout->channel_stride;
  }
}

AVX2 void snn_f32_winograd_output_avx2(
    int m, const struct snn_winograd_tile *tiles, size_t tile_count, const float *planes,
    const struct snn_winograd_planes *layout, size_t channel_count, const struct snn_f32_epilogue *epilogue, float *output,
    ptrdiff_t row_stride, ptrdiff_t plane_stride) {
  if (m == 2) {
    output_groups(
        2, tiles, tile_count, planes, layout, channel_count, epilogue, output, row_stride, plane_stride);
  } else {
    output_groups(
        4, tiles, tile_count, planes, layout, channel_count, epilogue, output, row_stride, plane_stride);
  }
}
#endif
