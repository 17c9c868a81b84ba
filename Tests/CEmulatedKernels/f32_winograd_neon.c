// f32_winograd for NEON, emulated.
#include "neon.h"

#if defined(SNN_EMULATES_NEON)
#include "../../Sources/CMicroKernels/simd/neon.h"
#include "../../Sources/CMicroKernels/f32_winograd/winograd.inc"

SNN_WINOGRAD_FUNCTIONS(emulated_neon)
#endif
