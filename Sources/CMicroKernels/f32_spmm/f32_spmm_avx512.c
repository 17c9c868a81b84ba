// AVX-512: vectors of sixteen floats. A small tile, whose window holds more channels in the first-level cache, costs little here:
// one load of a whole line a cycle leaves room for all that comes with an entry.
#include "f32_spmm.h"
#include "variants.h"

#if defined(__x86_64__)
#include "../simd/avx512.h"
#include "spmm.inc"

SNN_SPMM_TILES(avx512, AVX512)
#endif
