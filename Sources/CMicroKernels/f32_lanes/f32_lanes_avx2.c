// AVX2: a half of a vector is a register too, and what moves between halves is in two of many instructions.
#include "variants.h"

#if defined(__x86_64__)
#include "../simd/avx2.h"
#include "lanes.inc"

SNN_LANES_FUNCTIONS(avx2)
#endif
