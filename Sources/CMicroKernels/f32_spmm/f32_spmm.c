// The table of variants, made from kernels.inc.
#include "f32_spmm.h"
#include "variants.h"

const struct snn_spmm_kernel *snn_f32_spmm_kernels(size_t *count) {
  static const struct snn_spmm_kernel kernels[] = {
#define SNN_SPMM_KERNEL(isa, ISA, rows, columns)                                                         \
  {"snn_f32_spmm_" #rows "x" #columns "_" #isa, SNN_ISA_##ISA, SNN_SPMM_LANES_##ISA, rows, columns,        \
   snn_f32_spmm_##rows##x##columns##_##isa, snn_f32_spmm_##rows##x##columns##_tail_##isa, \
   snn_f32_spmm_##rows##x##columns##_padded_tail_##isa},
#include "kernels.inc"
#undef SNN_SPMM_KERNEL
  };
  *count = sizeof kernels / sizeof *kernels;
  return kernels;
}
