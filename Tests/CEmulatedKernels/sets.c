// The table of operations that take `enum snn_isa`.
#include "neon.h"

#include "CEmulatedKernels.h"

#if defined(SNN_EMULATES_NEON)
#include "../../Sources/CMicroKernels/f32_lanes/variants.h"
#include "../../Sources/CMicroKernels/f32_winograd/variants.h"

SNN_LANES_PROTOTYPES(emulated_neon)
SNN_WINOGRAD_DECLARE(emulated_neon)

const struct snn_emulated_set *snn_emulated_sets(size_t *count) {
  static const struct snn_emulated_set neon = {
      "emulated_neon",
      snn_f32_gather_lanes_emulated_neon,
      snn_f32_scatter_lanes_emulated_neon,
      snn_f32_winograd_window_emulated_neon,
      snn_f32_winograd_output_emulated_neon,
  };
  *count = 1;
  return &neon;
}
#else
const struct snn_emulated_set *snn_emulated_sets(size_t *count) {
  *count = 0;
  return NULL;
}
#endif
