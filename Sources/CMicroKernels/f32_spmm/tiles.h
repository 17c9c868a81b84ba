// The tiles of f32_spmm: every one of at most seven rows and SNN_SPMM_VECTORS vectors, since images end at any size.
#pragma once

/// SNN_SPMM_KERNEL(isa, ISA, rows, columns) for every tile.
#define SNN_SPMM_TILES(isa, ISA) \
  SNN_SPMM_KERNEL(isa, ISA, 1, 1) SNN_SPMM_KERNEL(isa, ISA, 1, 2) SNN_SPMM_KERNEL(isa, ISA, 1, 3) \
  SNN_SPMM_KERNEL(isa, ISA, 1, 4) SNN_SPMM_KERNEL(isa, ISA, 1, 5) SNN_SPMM_KERNEL(isa, ISA, 1, 6) \
  SNN_SPMM_KERNEL(isa, ISA, 1, 7) SNN_SPMM_KERNEL(isa, ISA, 1, 8) SNN_SPMM_KERNEL(isa, ISA, 1, 9) \
  SNN_SPMM_KERNEL(isa, ISA, 1, 10) SNN_SPMM_KERNEL(isa, ISA, 1, 11) SNN_SPMM_KERNEL(isa, ISA, 1, 12) \
  SNN_SPMM_KERNEL(isa, ISA, 1, 13) SNN_SPMM_KERNEL(isa, ISA, 1, 14) SNN_SPMM_KERNEL(isa, ISA, 1, 15) \
  SNN_SPMM_KERNEL(isa, ISA, 2, 1) SNN_SPMM_KERNEL(isa, ISA, 2, 2) SNN_SPMM_KERNEL(isa, ISA, 2, 3) \
  SNN_SPMM_KERNEL(isa, ISA, 2, 4) SNN_SPMM_KERNEL(isa, ISA, 2, 5) SNN_SPMM_KERNEL(isa, ISA, 2, 6) \
  SNN_SPMM_KERNEL(isa, ISA, 2, 7) \
  SNN_SPMM_KERNEL(isa, ISA, 3, 1) SNN_SPMM_KERNEL(isa, ISA, 3, 2) SNN_SPMM_KERNEL(isa, ISA, 3, 3) \
  SNN_SPMM_KERNEL(isa, ISA, 3, 4) SNN_SPMM_KERNEL(isa, ISA, 3, 5) \
  SNN_SPMM_KERNEL(isa, ISA, 4, 1) SNN_SPMM_KERNEL(isa, ISA, 4, 2) SNN_SPMM_KERNEL(isa, ISA, 4, 3) \
  SNN_SPMM_KERNEL(isa, ISA, 5, 1) SNN_SPMM_KERNEL(isa, ISA, 5, 2) SNN_SPMM_KERNEL(isa, ISA, 5, 3) \
  SNN_SPMM_KERNEL(isa, ISA, 6, 1) SNN_SPMM_KERNEL(isa, ISA, 6, 2) \
  SNN_SPMM_KERNEL(isa, ISA, 7, 1) SNN_SPMM_KERNEL(isa, ISA, 7, 2)
