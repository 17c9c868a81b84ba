// The specification: the formulas of f32_winograd.h as they are written there.
#include "variants.h"

#define A SNN_WINOGRAD_A
#define B SNN_WINOGRAD_B
#define AA SNN_WINOGRAD_AA
#define BB SNN_WINOGRAD_BB

enum { M = SNN_WINOGRAD_M, N = SNN_WINOGRAD_N };

static const float window_matrix_2[N][N] = {{-1, 0, 1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, -1, 0, 1}};
static const float window_matrix_4[N][N] = {
    {AA * BB, 0, -AA - BB, 0, 1, 0},
    {0, -A * BB, -BB, A, 1, 0},
    {0, A * BB, -BB, -A, 1, 0},
    {0, -AA *B, -AA, B, 1, 0},
    {0, AA *B, -AA, -B, 1, 0},
    {0, AA *BB, 0, -AA - BB, 0, 1},
};
static const float output_matrix_2[M][N] = {{1, 1, 1, 0}, {0, 1, -1, 1}};
static const float output_matrix_4[M][N] = {
    {1, 1, 1, 1, 1, 0}, {0, A, -A, B, -B, 0}, {0, AA, AA, BB, BB, 0}, {0, A *AA, -A *AA, B *BB, -B *BB, 1}};

/// result = left * middle * right', all of N columns, where middle has N rows and the others `rows`.
static void transform(
    const float left[][N], const float middle[N][N], int rows, int n, float result[][N]) {
  for (int i = 0; i < rows; ++i) {
    float row[N];
    for (int q = 0; q < n; ++q) {
      row[q] = 0;
      for (int p = 0; p < n; ++p) row[q] += left[i][p] * middle[p][q];
    }
    for (int j = 0; j < rows; ++j) {
      result[i][j] = 0;
      for (int q = 0; q < n; ++q) result[i][j] += row[q] * left[j][q];
    }
  }
}

void snn_f32_winograd_window_scalar(
    int m, const struct snn_winograd_group *groups, size_t group_count, const float *input, ptrdiff_t row_stride,
    ptrdiff_t plane_stride, size_t channel_count, const struct snn_winograd_planes *layout, float *planes) {
  const int n = m + 2;
  for (size_t c = 0; c < channel_count; ++c) {
    for (size_t g = 0; g < group_count; ++g) {
      float *to = planes + (ptrdiff_t)c * layout->channel_stride + (ptrdiff_t)g * SNN_WINOGRAD_TILES;
      for (size_t r = 0; r < groups[g].run_count; ++r) {
        const struct snn_winograd_run *run = &groups[g].run[r];
        for (int t = 0; t < run->tile_count; ++t) {
          float window[N][N], result[N][N];
          for (int p = 0; p < n; ++p) {
            for (int q = 0; q < n; ++q) {
              const int column = m * t + q;
              const int inside = run->first_row <= p && p < run->end_row && run->first_column <= column &&
                                 column < run->end_column;
              window[p][q] =
                  inside ? input[(ptrdiff_t)c * plane_stride + run->offset + p * row_stride + column] : 0;
            }
          }
          transform(m == 2 ? window_matrix_2 : window_matrix_4, window, n, n, result);
          for (int i = 0; i < n; ++i) {
            for (int j = 0; j < n; ++j) to[(n * i + j) * layout->position_stride] = result[i][j];
          }
          ++to;
        }
      }
    }
  }
}

void snn_f32_winograd_output_scalar(
    int m, const struct snn_winograd_tile *tiles, size_t tile_count, const float *planes,
    const struct snn_winograd_planes *layout, size_t channel_count, const struct snn_f32_epilogue *epilogue, float *output,
    ptrdiff_t row_stride, ptrdiff_t plane_stride) {
  const int n = m + 2;
  for (size_t c = 0; c < channel_count; ++c) {
    for (size_t t = 0; t < tile_count; ++t) {
      const float *from = planes + (ptrdiff_t)c * layout->channel_stride + (ptrdiff_t)t;
      float sums[N][N], result[M][N];
      for (int i = 0; i < n; ++i) {
        for (int j = 0; j < n; ++j) sums[i][j] = from[(n * i + j) * layout->position_stride];
      }
      transform(m == 2 ? output_matrix_2 : output_matrix_4, sums, m, n, result);
      for (int y = 0; y < tiles[t].row_count; ++y) {
        for (int x = 0; x < tiles[t].column_count; ++x) {
          const ptrdiff_t place = (ptrdiff_t)c * plane_stride + tiles[t].offset + y * row_stride + x;
          output[place] = snn_finished(result[y][x], epilogue, c, place);
        }
      }
    }
  }
}
