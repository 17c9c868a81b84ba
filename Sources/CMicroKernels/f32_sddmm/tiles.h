// The tiles of f32_sddmm: every one of at most seven rows and SNN_SDDMM_VECTORS vectors.
#pragma once

#include "f32_sddmm.h"

/// Floats of the vectors of an instruction set; plain C counts in those of the layout.
enum {
  SNN_SDDMM_LANES_SCALAR = SNN_LANES,
  SNN_SDDMM_LANES_NEON = SNN_LANES,
  SNN_SDDMM_LANES_AVX2 = SNN_LANES,
  SNN_SDDMM_LANES_AVX512 = 2 * SNN_LANES,
};

/// SNN_SDDMM_KERNEL(isa, ISA, rows, columns) for every tile.
#define SNN_SDDMM_TILES(isa, ISA) \
  SNN_SDDMM_KERNEL(isa, ISA, 1, 1) SNN_SDDMM_KERNEL(isa, ISA, 1, 2) SNN_SDDMM_KERNEL(isa, ISA, 1, 3) \
  SNN_SDDMM_KERNEL(isa, ISA, 1, 4) SNN_SDDMM_KERNEL(isa, ISA, 1, 5) SNN_SDDMM_KERNEL(isa, ISA, 1, 6) \
  SNN_SDDMM_KERNEL(isa, ISA, 1, 7) SNN_SDDMM_KERNEL(isa, ISA, 1, 8) SNN_SDDMM_KERNEL(isa, ISA, 1, 9) \
  SNN_SDDMM_KERNEL(isa, ISA, 1, 10) SNN_SDDMM_KERNEL(isa, ISA, 1, 11) SNN_SDDMM_KERNEL(isa, ISA, 1, 12) \
  SNN_SDDMM_KERNEL(isa, ISA, 2, 1) SNN_SDDMM_KERNEL(isa, ISA, 2, 2) SNN_SDDMM_KERNEL(isa, ISA, 2, 3) \
  SNN_SDDMM_KERNEL(isa, ISA, 2, 4) SNN_SDDMM_KERNEL(isa, ISA, 2, 5) SNN_SDDMM_KERNEL(isa, ISA, 2, 6) \
  SNN_SDDMM_KERNEL(isa, ISA, 3, 1) SNN_SDDMM_KERNEL(isa, ISA, 3, 2) SNN_SDDMM_KERNEL(isa, ISA, 3, 3) \
  SNN_SDDMM_KERNEL(isa, ISA, 3, 4) \
  SNN_SDDMM_KERNEL(isa, ISA, 4, 1) SNN_SDDMM_KERNEL(isa, ISA, 4, 2) SNN_SDDMM_KERNEL(isa, ISA, 4, 3) \
  SNN_SDDMM_KERNEL(isa, ISA, 5, 1) SNN_SDDMM_KERNEL(isa, ISA, 5, 2) \
  SNN_SDDMM_KERNEL(isa, ISA, 6, 1) SNN_SDDMM_KERNEL(isa, ISA, 6, 2) \
  SNN_SDDMM_KERNEL(isa, ISA, 7, 1)
