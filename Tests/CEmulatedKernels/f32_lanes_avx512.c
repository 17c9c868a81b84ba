// f32_lanes for AVX-512, emulated.
#include "avx512.h"

#if defined(SNN_EMULATES_AVX512)
#include "../../Sources/CMicroKernels/simd/avx512.h"
#include "../../Sources/CMicroKernels/f32_lanes/lanes.inc"

SNN_LANES_FUNCTIONS(emulated_avx512)
#endif
