// f32_sddmm for AVX-512, emulated.
#include "avx512.h"

#include "CEmulatedKernels.h"

#if defined(SNN_EMULATES_AVX512)
#include "../../Sources/CMicroKernels/simd/avx512.h"
#include "../../Sources/CMicroKernels/f32_sddmm/sddmm.inc"

SNN_SDDMM_TILES(emulated_avx512, AVX512)
#undef SNN_SDDMM_KERNEL

const struct snn_sddmm_kernel *snn_emulated_sddmm_avx512_kernels(size_t *count) {
  static const struct snn_sddmm_kernel kernels[] = {
#define SNN_SDDMM_KERNEL(isa, ISA, rows, columns)                               \
  {"snn_f32_sddmm_" #rows "x" #columns "_" #isa, SNN_ISA_SCALAR, SNN_VEC_LANES, rows, columns, \
   snn_f32_sddmm_##rows##x##columns##_##isa},
      SNN_SDDMM_TILES(emulated_avx512, AVX512)
  };
  *count = sizeof kernels / sizeof *kernels;
  return kernels;
}
#else
const struct snn_sddmm_kernel *snn_emulated_sddmm_avx512_kernels(size_t *count) {
  *count = 0;
  return NULL;
}
#endif
