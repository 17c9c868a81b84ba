// AVX2 + FMA.
#include "ceilings.h"

#if defined(__x86_64__)
#include "../simd/avx2.h"
#include "ceilings.inc"

SNN_CEILINGS(avx2)
#endif
