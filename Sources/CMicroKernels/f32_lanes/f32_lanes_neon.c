// NEON.
#include "variants.h"

#if defined(__aarch64__)
#include "../simd/neon.h"
#include "lanes.inc"

SNN_LANES_FUNCTIONS(neon)
#endif
