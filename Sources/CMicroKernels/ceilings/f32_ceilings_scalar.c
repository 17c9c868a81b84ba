// Plain C: what the compiler makes of it for the base instruction set (SSE2 on x86-64, NEON on aarch64).
#include "ceilings.h"
#include "variants.h"

static float total(const float sums[SNN_CEILING_BLOCK]) {
  float result = 0;
  for (int i = 0; i < SNN_CEILING_BLOCK; ++i) result += sums[i];
  return result;
}

float snn_f32_fma_registers_scalar(size_t repetitions) {
  // Volatile so that neither is a constant to fold.
  volatile float factor_source = 0.999f, term_source = 0.001f;
  const float factor = factor_source, term = term_source;
  float sums[SNN_CEILING_BLOCK] = {0};
  for (size_t r = 0; r < repetitions; ++r)
    for (int i = 0; i < SNN_CEILING_BLOCK; ++i) sums[i] = sums[i] * factor + term;
  return total(sums);
}

float snn_f32_fma_memory_scalar(const float *data, size_t count, size_t repetitions) {
  float sums[SNN_CEILING_BLOCK] = {0};
  for (size_t r = 0; r < repetitions; ++r) {
    volatile float factor_source = 0.5f;
    const float factor = factor_source;
    for (size_t k = 0; k < count; k += SNN_CEILING_BLOCK)
      for (int i = 0; i < SNN_CEILING_BLOCK; ++i) sums[i] += factor * data[k + i];
  }
  return total(sums);
}

float snn_f32_read_scalar(const float *data, size_t count, size_t repetitions) {
  float sums[SNN_CEILING_BLOCK] = {0};
  for (size_t r = 0; r < repetitions; ++r) {
    const float *volatile source = data;
    const float *start = source;
    for (size_t k = 0; k < count; k += SNN_CEILING_BLOCK)
      for (int i = 0; i < SNN_CEILING_BLOCK; ++i) sums[i] += start[k + i];
  }
  return total(sums);
}
