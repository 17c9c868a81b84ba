// NEON: thirty-two registers, of which the largest tile takes twenty-four.
#include "f32_sddmm.h"
#include "variants.h"

#if defined(__aarch64__)
#include "../simd/neon.h"
#include "sddmm.inc"

SNN_SDDMM_TILES(neon, NEON)
#endif
