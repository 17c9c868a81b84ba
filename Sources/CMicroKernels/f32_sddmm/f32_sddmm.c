// The table of variants, made from kernels.inc.
#include "f32_sddmm.h"
#include "variants.h"

const struct snn_sddmm_kernel *snn_f32_sddmm_kernels(size_t *count) {
  static const struct snn_sddmm_kernel kernels[] = {
#define SNN_SDDMM_KERNEL(isa, ISA, rows, columns)                             \
  {"snn_f32_sddmm_" #rows "x" #columns "_" #isa, SNN_ISA_##ISA, SNN_SDDMM_LANES_##ISA, rows, columns, \
   snn_f32_sddmm_##rows##x##columns##_##isa},
#include "kernels.inc"
#undef SNN_SDDMM_KERNEL
  };
  *count = sizeof kernels / sizeof *kernels;
  return kernels;
}
