// The prototypes of the variants, made from kernels.inc.
#pragma once

#include "f32_sddmm.h"

#define SNN_SDDMM_KERNEL(isa, ISA, rows, columns)                                                        \
  void snn_f32_sddmm_##rows##x##columns##_##isa(                                                         \
      const struct snn_sddmm_tile *, const struct snn_spmm_record *, size_t, const struct snn_spmm_entry *, \
      float *);
#include "kernels.inc"
#undef SNN_SDDMM_KERNEL
