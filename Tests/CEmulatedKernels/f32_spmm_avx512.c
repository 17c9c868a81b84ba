// f32_spmm for AVX-512, emulated.
#include "avx512.h"

#include "CEmulatedKernels.h"

#if defined(SNN_EMULATES_AVX512)
#include "../../Sources/CMicroKernels/simd/avx512.h"
#include "../../Sources/CMicroKernels/f32_spmm/spmm.inc"

SNN_SPMM_TILES(emulated_avx512, AVX512)
#undef SNN_SPMM_KERNEL

const struct snn_spmm_kernel *snn_emulated_spmm_avx512_kernels(size_t *count) {
  static const struct snn_spmm_kernel kernels[] = {
#define SNN_SPMM_KERNEL(isa, ISA, rows, columns)                                                       \
  {"snn_f32_spmm_" #rows "x" #columns "_" #isa, SNN_ISA_SCALAR, SNN_VEC_LANES, rows, columns,     \
   snn_f32_spmm_##rows##x##columns##_##isa, snn_f32_spmm_##rows##x##columns##_tail_##isa,              \
   snn_f32_spmm_##rows##x##columns##_padded_tail_##isa},
      SNN_SPMM_TILES(emulated_avx512, AVX512)
  };
  *count = sizeof kernels / sizeof *kernels;
  return kernels;
}
#else
const struct snn_spmm_kernel *snn_emulated_spmm_avx512_kernels(size_t *count) {
  *count = 0;
  return NULL;
}
#endif
