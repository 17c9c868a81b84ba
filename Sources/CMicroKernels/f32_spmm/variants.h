// The prototypes of the variants, made from kernels.inc.
#pragma once

#include "f32_spmm.h"

enum {
  SNN_SPMM_LANES_SCALAR = 8,
  SNN_SPMM_LANES_NEON = 8,
  SNN_SPMM_LANES_AVX2 = 8,
  SNN_SPMM_LANES_AVX512 = 16,
};

#define SNN_SPMM_PROTOTYPE(name) \
  void name(const struct snn_spmm_tile *, const struct snn_spmm_record *, size_t, const struct snn_spmm_entry *);
#define SNN_SPMM_KERNEL(isa, ISA, rows, columns)                         \
  SNN_SPMM_PROTOTYPE(snn_f32_spmm_##rows##x##columns##_##isa)            \
  SNN_SPMM_PROTOTYPE(snn_f32_spmm_##rows##x##columns##_tail_##isa)       \
  SNN_SPMM_PROTOTYPE(snn_f32_spmm_##rows##x##columns##_padded_tail_##isa)
#include "kernels.inc"
#undef SNN_SPMM_KERNEL
