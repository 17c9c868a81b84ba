// AVX-512, for vectors of sixteen lanes.
#include "variants.h"

#if defined(__x86_64__)
#include "../simd/avx512.h"
#include "lanes.inc"

SNN_LANES_FUNCTIONS(avx512)
#endif
