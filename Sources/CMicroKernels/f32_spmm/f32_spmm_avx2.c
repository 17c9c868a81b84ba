// AVX2 + FMA: a tile of up to fifteen accumulators and the weight in the sixteenth register, so that every multiply-add
// takes its activations straight from memory.
#include "f32_spmm.h"
#include "variants.h"

#if defined(__x86_64__)
#include <string.h>

#include "../simd/avx2.h"

/// Four cycles of latency at two multiply-adds a cycle need eight independent sums.
#define SNN_SPMM_SETS(vectors) ((vectors) >= 8 ? 1 : (vectors) >= 4 ? 2 : (vectors) >= 2 ? 4 : 8)

#include "spmm.inc"

SNN_SPMM_TILES(avx2, AVX2)
#endif
