// f32_spmm for NEON, emulated.
#include "neon.h"

#include "CEmulatedKernels.h"

#if defined(SNN_EMULATES_NEON)
#include "../../Sources/CMicroKernels/simd/neon.h"
#include "../../Sources/CMicroKernels/f32_spmm/spmm.inc"

SNN_SPMM_TILES(emulated_neon, NEON)
#undef SNN_SPMM_KERNEL

const struct snn_spmm_kernel *snn_emulated_spmm_neon_kernels(size_t *count) {
  static const struct snn_spmm_kernel kernels[] = {
#define SNN_SPMM_KERNEL(isa, ISA, rows, columns)                                                       \
  {"snn_f32_spmm_" #rows "x" #columns "_" #isa, SNN_ISA_SCALAR, SNN_VEC_LANES, rows, columns,     \
   snn_f32_spmm_##rows##x##columns##_##isa, snn_f32_spmm_##rows##x##columns##_tail_##isa,              \
   snn_f32_spmm_##rows##x##columns##_padded_tail_##isa},
      SNN_SPMM_TILES(emulated_neon, NEON)
  };
  *count = sizeof kernels / sizeof *kernels;
  return kernels;
}
#else
const struct snn_spmm_kernel *snn_emulated_spmm_neon_kernels(size_t *count) {
  *count = 0;
  return NULL;
}
#endif
