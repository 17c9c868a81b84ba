// The specification: the formulas of f32_lanes.h as they are written there.
#include "variants.h"

void snn_f32_gather_lanes_scalar(
    const struct snn_lane_row *rows, size_t row_count, const float *plane, float *lanes) {
  for (const struct snn_lane_row *row = rows; row < rows + row_count; ++row) {
    for (size_t c = 0; c < row->channel_count; ++c) {
      const float *from = plane + (ptrdiff_t)c * row->plane_stride;
      float *to = lanes + row->lanes_offset + (ptrdiff_t)c * row->lanes_stride;
      for (int l = 0; l < row->lane_count; ++l) {
        const struct snn_lane *lane = &row->lane[l];
        for (int32_t j = 0; j < (int32_t)row->length; ++j) {
          const int inside = lane->first <= j && j < lane->end;
          to[row->lane_count * j + l] = inside ? from[lane->offset + j * row->element_stride] : 0;
        }
      }
    }
  }
}

void snn_f32_scatter_lanes_scalar(
    const struct snn_lane_row *row, const float *lanes, const struct snn_f32_epilogue *epilogue, float *plane) {
  for (size_t c = 0; c < row->channel_count; ++c) {
    for (int l = 0; l < row->lane_count; ++l) {
      const struct snn_lane *lane = &row->lane[l];
      for (int32_t j = lane->first; j < lane->end; ++j) {
        const ptrdiff_t place = (ptrdiff_t)c * row->plane_stride + lane->offset + j;
        const float *sums = snn_sums(row, lanes, j, row->phase_count);
        plane[place] = snn_finished(sums ? sums[l] : 0, epilogue, c, place);
      }
    }
    lanes += row->lanes_stride;
  }
}
