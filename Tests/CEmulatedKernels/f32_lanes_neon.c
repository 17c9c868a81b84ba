// f32_lanes for NEON, emulated.
#include "neon.h"

#include "CEmulatedKernels.h"

#if defined(SNN_EMULATES_NEON)
#include "../../Sources/CMicroKernels/simd/neon.h"
#include "../../Sources/CMicroKernels/f32_lanes/lanes.inc"

SNN_LANES_FUNCTIONS(emulated_neon)

const struct snn_emulated_lanes *snn_emulated_lanes_neon(size_t *count) {
  static const struct snn_emulated_lanes lanes = {
      "emulated_neon", snn_f32_gather_lanes_emulated_neon, snn_f32_scatter_lanes_emulated_neon};
  *count = 1;
  return &lanes;
}
#else
const struct snn_emulated_lanes *snn_emulated_lanes_neon(size_t *count) {
  *count = 0;
  return NULL;
}
#endif
