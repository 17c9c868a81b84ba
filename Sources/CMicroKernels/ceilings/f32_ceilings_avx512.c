// AVX-512.
#include "ceilings.h"

#if defined(__x86_64__)
#include "../simd/avx512.h"
#include "ceilings.inc"

SNN_CEILINGS(avx512)
#endif
