// AVX2 + FMA.
#include "variants.h"

#if defined(__x86_64__)
#include "../simd/avx2.h"
#include "winograd.inc"

SNN_WINOGRAD_FUNCTIONS(avx2)
#endif
