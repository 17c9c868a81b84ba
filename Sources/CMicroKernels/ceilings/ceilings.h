// What one core can do at most: loops whose speed bounds that of any kernel. The caller times them.
//
// Every function returns a value that depends on all the work, so that no compiler drops it. `data` is aligned to 64
// bytes, holds `count` floats and is only read; `count` is a multiple of SNN_CEILING_BLOCK.
#pragma once

#include <stddef.h>

#include "../cpu/cpu.h"

enum {
  /// Floats that one pass of an unrolled loop takes: twelve vectors of the widest instruction set.
  SNN_CEILING_BLOCK = 192,
};

/// Multiplies and adds in registers only: 2 * SNN_CEILING_BLOCK * repetitions operations.
float snn_f32_fma_registers(enum snn_isa isa, size_t repetitions);

/// Multiplies and adds with one operand from memory: 2 * count * repetitions operations. With `data` inside L1 this is
/// the ceiling of a kernel that multiplies broadcast weights into cached activations.
float snn_f32_fma_memory(enum snn_isa isa, const float *data, size_t count, size_t repetitions);

/// Reads and adds up: 4 * count * repetitions bytes.
float snn_f32_read(enum snn_isa isa, const float *data, size_t count, size_t repetitions);
