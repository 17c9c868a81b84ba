// AVX2.
#include "variants.h"

#if defined(__x86_64__)
#include "../simd/avx2.h"
#include "lanes.inc"

SNN_LANES_FUNCTIONS(avx2)
#endif
