// AVX2 + FMA: twelve accumulators of eight floats, enough to hide the latency of four cycles at two FMAs a cycle.
#include "ceilings.h"
#include "variants.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,fma")))
enum { CHAINS = SNN_CEILING_BLOCK / 8 };

AVX2 static float total(const __m256 sums[CHAINS]) {
  float lanes[8], result = 0;
  for (int i = 0; i < CHAINS; ++i) {
    _mm256_storeu_ps(lanes, sums[i]);
    for (int lane = 0; lane < 8; ++lane) result += lanes[lane];
  }
  return result;
}

AVX2 float snn_f32_fma_registers_avx2(size_t repetitions) {
  __m256 factor = _mm256_set1_ps(0.999f), term = _mm256_set1_ps(0.001f), sums[CHAINS];
  for (int i = 0; i < CHAINS; ++i) sums[i] = _mm256_set1_ps((float)i);
  for (size_t r = 0; r < repetitions; ++r) {
    for (int i = 0; i < CHAINS; ++i) sums[i] = _mm256_fmadd_ps(sums[i], factor, term);
    __asm__ volatile("" : "+x"(factor));
  }
  return total(sums);
}

AVX2 float snn_f32_fma_memory_avx2(const float *data, size_t count, size_t repetitions) {
  __m256 factor = _mm256_set1_ps(0.5f), sums[CHAINS];
  for (int i = 0; i < CHAINS; ++i) sums[i] = _mm256_setzero_ps();
  for (size_t r = 0; r < repetitions; ++r) {
    for (size_t k = 0; k < count; k += SNN_CEILING_BLOCK)
      for (int i = 0; i < CHAINS; ++i) sums[i] = _mm256_fmadd_ps(factor, _mm256_load_ps(data + k + 8 * i), sums[i]);
    __asm__ volatile("" : "+x"(factor)::"memory");
  }
  return total(sums);
}

AVX2 float snn_f32_read_avx2(const float *data, size_t count, size_t repetitions) {
  __m256 sums[CHAINS];
  for (int i = 0; i < CHAINS; ++i) sums[i] = _mm256_setzero_ps();
  for (size_t r = 0; r < repetitions; ++r) {
    for (size_t k = 0; k < count; k += SNN_CEILING_BLOCK)
      for (int i = 0; i < CHAINS; ++i) sums[i] = _mm256_add_ps(sums[i], _mm256_load_ps(data + k + 8 * i));
    __asm__ volatile("" ::: "memory");
  }
  return total(sums);
}
#endif
