// AVX-512: thirty-two registers, of which the largest tile takes twelve.
#include "f32_sddmm.h"
#include "variants.h"

#if defined(__x86_64__)
#include "../simd/avx512.h"
#include "sddmm.inc"

SNN_SDDMM_TILES(avx512, AVX512)
#endif
