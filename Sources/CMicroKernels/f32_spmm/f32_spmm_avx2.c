// AVX2 + FMA: a tile of up to fifteen accumulators and the weight in the sixteenth register, so that every multiply-add
// takes its activations straight from memory.
#include "f32_spmm.h"
#include "variants.h"

#if defined(__x86_64__)
#include "../simd/avx2.h"
#include "spmm.inc"

SNN_SPMM_TILES(avx2, AVX2)
#endif
