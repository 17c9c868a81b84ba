// NEON.
#include "variants.h"

#if defined(__aarch64__)
#include "../simd/neon.h"
#include "winograd.inc"

SNN_WINOGRAD_FUNCTIONS(neon)
#endif
