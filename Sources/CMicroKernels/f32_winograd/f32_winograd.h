// The two transforms of Winograd's convolution, 3x3 at stride 1, around the matrix products that are its work.
//
// Outputs are cut into tiles of M x M, M = 2 or 4; a tile sees a window of N x N inputs, N = M + 2, which overlaps its
// neighbours by two. With matrices B' (N x N), G (N x 3) and A' (M x N) that evaluate and interpolate polynomials at some points,
//
//     output = A' ((G weights G') * (B' window B)) A
//
// where * multiplies element by element, so that summing over channels is a matrix product for each of the N * N elements.
// `window` is the right factor here, `output` what is around both; weights are transformed once, elsewhere. Row p of B' has the
// coefficients of the product of (x - q) over all points q but p, the last that over all; column p of A' the powers of p, the last
// 1 in its last row.
//
//     M = 2, points 0, 1, -1 and infinity         M = 4, points 0, 5/8, -5/8, 3/2, -3/2 and infinity: with a = 5/8, b = 3/2
//
//     B' = -1 0  1  0                             B' = aabb    0 -aa-bb      0  1  0
//          0  1  1  0                                     0 -abb    -bb      a  1  0
//          0 -1  1  0                                     0  abb    -bb     -a  1  0
//          0 -1  0  1                                     0 -aab    -aa      b  1  0
//                                                         0  aab    -aa     -b  1  0
//     A' = 1  1  1  0                                     0 aabb      0 -aa-bb  0  1
//          0  1 -1  1
//                                                 A' = 1   1    1   1    1  0
//                                                      0   a   -a   b   -b  0
//                                                      0  aa   aa  bb   bb  0
//                                                      0 aaa -aaa bbb -bbb  1
//
// All of these are exact in float.
//
// Strides and offsets are in floats, and no alignment is asked for. Nothing is read or written but what is named; inputs and
// outputs do not overlap.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "../cpu/cpu.h"
#include "../f32_epilogue/f32_epilogue.h"

enum {
  /// Tiles that are transformed together.
  SNN_WINOGRAD_TILES = 8,
  /// The largest M and N.
  SNN_WINOGRAD_M = 4,
  SNN_WINOGRAD_N = 6,
};

/// Neighbouring tiles of one row of tiles: their windows share rows, and each begins M columns behind the one before.
struct snn_winograd_run {
  /// Where element (0, 0) of the first window lies or would lie, from the plane of the first channel.
  ptrdiff_t offset;
  /// 0 or more.
  int32_t tile_count;
  /// The rows of the windows, of 0 to N - 1, that lie in the image: `first_row` to `end_row` - 1, or none.
  int32_t first_row;
  int32_t end_row;
  /// The columns of the run, of 0 to M * tile_count + 1, that lie in the image.
  int32_t first_column;
  int32_t end_column;
};

/// Up to eight tiles, side by side in vectors: one run or several.
struct snn_winograd_group {
  /// Their tiles are `SNN_WINOGRAD_TILES` at most together, and each has one at least.
  struct snn_winograd_run run[SNN_WINOGRAD_TILES];
  size_t run_count;
};

/// Where an output tile belongs.
struct snn_winograd_tile {
  /// Of its element (0, 0), from the plane of the first channel.
  ptrdiff_t offset;
  /// Its rows and columns that the output has: 1 to M.
  int32_t row_count;
  int32_t column_count;
};

/// How the planes of the N * N elements lie, on one side of the matrix products: tile t of channel c has its element (i, j) at
///
///     (N * i + j) * position_stride + c * channel_stride + t
struct snn_winograd_planes {
  ptrdiff_t position_stride;
  /// A multiple of SNN_WINOGRAD_TILES that no tile reaches.
  ptrdiff_t channel_stride;
};

/// For channels c < channel_count, tiles t, counted through all groups with SNN_WINOGRAD_TILES for each, and 0 <= i, j < N:
///
///     planes[(i, j), c, t] = sum over rows p and columns q of B'[i][p] * window[p][q] * B'[j][q]
///     window[p][q] = input[c * plane_stride + offset + p * row_stride + M * (t - first tile of its run) + q]
///
/// or 0 outside the image. The places of tiles that a group lacks are written too, with no matter what.
///
/// @param m M, 2 or 4.
void snn_f32_winograd_window(
    enum snn_isa isa, int m, const struct snn_winograd_group *groups, size_t group_count, const float *input,
    ptrdiff_t row_stride, ptrdiff_t plane_stride, size_t channel_count, const struct snn_winograd_planes *layout,
    float *planes);

/// For channels c < channel_count, tiles t < tile_count and the rows y and columns x that a tile has:
///
///     output[p] = finished(sum over i and j of A'[y][i] * planes[(i, j), c, t] * A'[x][j])
///     p = c * plane_stride + offset + y * row_stride + x
///
/// with the epilogue's bias of channel c and its residual at p. The planes are read up to the next multiple of
/// SNN_WINOGRAD_TILES tiles, whatever they hold there.
void snn_f32_winograd_output(
    enum snn_isa isa, int m, const struct snn_winograd_tile *tiles, size_t tile_count, const float *planes,
    const struct snn_winograd_planes *layout, size_t channel_count, const struct snn_f32_epilogue *epilogue, float *output,
    ptrdiff_t row_stride, ptrdiff_t plane_stride);
