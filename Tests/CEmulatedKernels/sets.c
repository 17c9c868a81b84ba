// The table of operations that take `enum snn_isa`.
#include "avx512.h"
#include "neon.h"

#include "CEmulatedKernels.h"

#include "../../Sources/CMicroKernels/f32_lanes/variants.h"
#include "../../Sources/CMicroKernels/f32_winograd/variants.h"

#if defined(SNN_EMULATES_AVX512)
SNN_LANES_PROTOTYPES(emulated_avx512)

// Vectors of eight go elsewhere, as in f32_lanes.c.

static void gather_lanes(const struct snn_lane_row *rows, size_t row_count, const float *plane, float *lanes) {
  const int is_wide = row_count > 0 && rows->lane_count == SNN_WIDE_LANES;
  (is_wide ? snn_f32_gather_lanes_emulated_avx512 : snn_f32_gather_lanes_scalar)(rows, row_count, plane, lanes);
}

static void scatter_lanes(
    const struct snn_lane_row *row, const float *lanes, const struct snn_f32_epilogue *epilogue, float *plane) {
  const int is_wide = row->lane_count == SNN_WIDE_LANES;
  (is_wide ? snn_f32_scatter_lanes_emulated_avx512 : snn_f32_scatter_lanes_scalar)(row, lanes, epilogue, plane);
}
#endif

#if defined(SNN_EMULATES_NEON)
SNN_LANES_PROTOTYPES(emulated_neon)
SNN_WINOGRAD_DECLARE(emulated_neon)
#endif

const struct snn_emulated_set *snn_emulated_sets(size_t *count) {
  static const struct snn_emulated_set sets[] = {
#if defined(SNN_EMULATES_AVX512)
      {"emulated_avx512", gather_lanes, scatter_lanes, NULL, NULL},
#endif
#if defined(SNN_EMULATES_NEON)
      {"emulated_neon", snn_f32_gather_lanes_emulated_neon, snn_f32_scatter_lanes_emulated_neon,
       snn_f32_winograd_window_emulated_neon, snn_f32_winograd_output_emulated_neon},
#endif
      {0},
  };
  *count = sizeof sets / sizeof *sets - 1;
  return sets;
}
