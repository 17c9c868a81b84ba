// f32_lanes for NEON, emulated.
#include "neon.h"

#if defined(SNN_EMULATES_NEON)
#include "../../Sources/CMicroKernels/simd/neon.h"
#include "../../Sources/CMicroKernels/f32_lanes/lanes.inc"

SNN_LANES_FUNCTIONS(emulated_neon)
#endif
