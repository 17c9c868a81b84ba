// The variants behind f32_lanes.h, one file each.
#pragma once

#include "f32_lanes.h"

void snn_f32_gather_lanes_scalar(
    const struct snn_lane_row *rows, size_t row_count, const float *plane, float *lanes);
void snn_f32_scatter_lanes_scalar(
    const struct snn_lane_row *row, const float *lanes, const struct snn_f32_epilogue *epilogue, float *plane);

#if defined(__x86_64__)
void snn_f32_gather_lanes_avx2(
    const struct snn_lane_row *rows, size_t row_count, const float *plane, float *lanes);
void snn_f32_scatter_lanes_avx2(
    const struct snn_lane_row *row, const float *lanes, const struct snn_f32_epilogue *epilogue, float *plane);
#endif
