// AVX2 + FMA: twelve accumulators of eight floats, enough to hide the latency of four cycles at two FMAs a cycle. They
// are twelve variables, not an array, so that they stay in registers whatever the compiler thinks of the loops.
#include "ceilings.h"
#include "variants.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,fma")))
#define EACH(STEP) \
  STEP(0) STEP(1) STEP(2) STEP(3) STEP(4) STEP(5) STEP(6) STEP(7) STEP(8) STEP(9) STEP(10) STEP(11)

/// Floats that EACH takes.
enum { PASS = 96 };

AVX2 static float total(__m256 sum) {
  float lanes[8], result = 0;
  _mm256_storeu_ps(lanes, sum);
  for (int lane = 0; lane < 8; ++lane) result += lanes[lane];
  return result;
}

AVX2 float snn_f32_fma_registers_avx2(size_t repetitions) {
  __m256 factor = _mm256_set1_ps(0.999f);
  const __m256 term = _mm256_set1_ps(0.001f);
#define START(i) __m256 vacc##i = _mm256_set1_ps((float)i);
#define STEP(i) vacc##i = _mm256_fmadd_ps(vacc##i, factor, term);
#define TOTAL(i) +total(vacc##i)
  EACH(START)
  for (size_t r = 0; r < SNN_CEILING_BLOCK / PASS * repetitions; ++r) {
    EACH(STEP)
    __asm__ volatile("" : "+x"(factor));
  }
  return 0 EACH(TOTAL);
#undef START
#undef STEP
}

AVX2 float snn_f32_fma_memory_avx2(const float *data, size_t count, size_t repetitions) {
  __m256 factor = _mm256_set1_ps(0.5f);
#define START(i) __m256 vacc##i = _mm256_setzero_ps();
#define STEP(i) vacc##i = _mm256_fmadd_ps(factor, _mm256_load_ps(data + k + 8 * i), vacc##i);
  EACH(START)
  for (size_t r = 0; r < repetitions; ++r) {
    for (size_t k = 0; k < count; k += PASS) { EACH(STEP) }
    __asm__ volatile("" : "+x"(factor), "+r"(data));
  }
  return 0 EACH(TOTAL);
#undef STEP
}

AVX2 float snn_f32_read_avx2(const float *data, size_t count, size_t repetitions) {
#define STEP(i) vacc##i = _mm256_add_ps(vacc##i, _mm256_load_ps(data + k + 8 * i));
  EACH(START)
  for (size_t r = 0; r < repetitions; ++r) {
    for (size_t k = 0; k < count; k += PASS) { EACH(STEP) }
    __asm__ volatile("" : "+r"(data));
  }
  return 0 EACH(TOTAL);
}
#endif
