#include "ceilings.h"

#include "variants.h"

float snn_f32_fma_registers(enum snn_isa isa, size_t repetitions) {
#if defined(__x86_64__)
  if (isa == SNN_ISA_AVX512) return snn_f32_fma_registers_avx512(repetitions);
  if (isa == SNN_ISA_AVX2) return snn_f32_fma_registers_avx2(repetitions);
#elif defined(__aarch64__)
  if (isa == SNN_ISA_NEON) return snn_f32_fma_registers_neon(repetitions);
#else
  (void)isa;
#endif
  return snn_f32_fma_registers_scalar(repetitions);
}

float snn_f32_fma_memory(enum snn_isa isa, const float *data, size_t count, size_t repetitions) {
#if defined(__x86_64__)
  if (isa == SNN_ISA_AVX512) return snn_f32_fma_memory_avx512(data, count, repetitions);
  if (isa == SNN_ISA_AVX2) return snn_f32_fma_memory_avx2(data, count, repetitions);
#elif defined(__aarch64__)
  if (isa == SNN_ISA_NEON) return snn_f32_fma_memory_neon(data, count, repetitions);
#else
  (void)isa;
#endif
  return snn_f32_fma_memory_scalar(data, count, repetitions);
}

float snn_f32_read(enum snn_isa isa, const float *data, size_t count, size_t repetitions) {
#if defined(__x86_64__)
  if (isa == SNN_ISA_AVX512) return snn_f32_read_avx512(data, count, repetitions);
  if (isa == SNN_ISA_AVX2) return snn_f32_read_avx2(data, count, repetitions);
#elif defined(__aarch64__)
  if (isa == SNN_ISA_NEON) return snn_f32_read_neon(data, count, repetitions);
#else
  (void)isa;
#endif
  return snn_f32_read_scalar(data, count, repetitions);
}
