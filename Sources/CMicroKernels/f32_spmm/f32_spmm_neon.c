// NEON: fifteen vectors of two registers each leave two of the thirty-two for the weight and the activations.
#include "f32_spmm.h"
#include "variants.h"

#if defined(__aarch64__)
#include "../simd/neon.h"
#include "spmm.inc"

SNN_SPMM_TILES(neon, NEON)
#endif
