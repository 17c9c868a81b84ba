// AVX2 + FMA: sixteen registers, of which the largest tile takes twelve.
#include "f32_sddmm.h"
#include "variants.h"

#if defined(__x86_64__)
#include "../simd/avx2.h"
#include "sddmm.inc"

SNN_SDDMM_TILES(avx2, AVX2)
#endif
