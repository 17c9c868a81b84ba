// NEON.
#include "ceilings.h"

#if defined(__aarch64__)
#include "../simd/neon.h"
#include "ceilings.inc"

SNN_CEILINGS(neon)
#endif
