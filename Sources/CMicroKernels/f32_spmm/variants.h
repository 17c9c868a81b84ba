// The prototypes of the variants, made from kernels.inc.
#pragma once

#include "f32_spmm.h"

#define SNN_SPMM_KERNEL(isa, ISA, rows, columns)                                                       \
  void snn_f32_spmm_##rows##x##columns##_##isa(                                                        \
      const struct snn_spmm_tile *, const struct snn_spmm_record *, size_t, const struct snn_spmm_entry *); \
  void snn_f32_spmm_##rows##x##columns##_tail_##isa(                                                   \
      const struct snn_spmm_tile *, const struct snn_spmm_record *, size_t, const struct snn_spmm_entry *);
#include "kernels.inc"
#undef SNN_SPMM_KERNEL
