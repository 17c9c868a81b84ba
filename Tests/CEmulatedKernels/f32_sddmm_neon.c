// f32_sddmm for NEON, emulated.
#include "neon.h"

#include "CEmulatedKernels.h"

#if defined(SNN_EMULATES_NEON)
#include "../../Sources/CMicroKernels/simd/neon.h"
#include "../../Sources/CMicroKernels/f32_sddmm/sddmm.inc"

SNN_SDDMM_TILES(emulated_neon, NEON)
#undef SNN_SDDMM_KERNEL

const struct snn_sddmm_kernel *snn_emulated_sddmm_neon_kernels(size_t *count) {
  static const struct snn_sddmm_kernel kernels[] = {
#define SNN_SDDMM_KERNEL(isa, ISA, rows, columns)                               \
  {"snn_f32_sddmm_" #rows "x" #columns "_" #isa, SNN_ISA_SCALAR, SNN_VEC_LANES, rows, columns, \
   snn_f32_sddmm_##rows##x##columns##_##isa},
      SNN_SDDMM_TILES(emulated_neon, NEON)
  };
  *count = sizeof kernels / sizeof *kernels;
  return kernels;
}
#else
const struct snn_sddmm_kernel *snn_emulated_sddmm_neon_kernels(size_t *count) {
  *count = 0;
  return NULL;
}
#endif
