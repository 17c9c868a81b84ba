// The variants behind ceilings.h, one file each.
#pragma once

#include "ceilings.h"

#define SNN_CEILING_PROTOTYPES(isa)                                                     \
  float snn_f32_fma_registers_##isa(size_t repetitions);                                \
  float snn_f32_fma_memory_##isa(const float *data, size_t count, size_t repetitions);  \
  float snn_f32_read_##isa(const float *data, size_t count, size_t repetitions);

SNN_CEILING_PROTOTYPES(scalar)
#if defined(__x86_64__)
SNN_CEILING_PROTOTYPES(avx2)
SNN_CEILING_PROTOTYPES(avx512)
#elif defined(__aarch64__)
SNN_CEILING_PROTOTYPES(neon)
#endif
