// AVX-512: twelve accumulators of sixteen floats, enough to hide the latency of four cycles at two FMAs a cycle. They
// are twelve variables, not an array, so that they stay in registers whatever the compiler thinks of the loops.
#include "ceilings.h"
#include "variants.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f")))
#define EACH(STEP) \
  STEP(0) STEP(1) STEP(2) STEP(3) STEP(4) STEP(5) STEP(6) STEP(7) STEP(8) STEP(9) STEP(10) STEP(11)

AVX512 static float total(__m512 sum) {
  float lanes[16], result = 0;
  _mm512_storeu_ps(lanes, sum);
  for (int lane = 0; lane < 16; ++lane) result += lanes[lane];
  return result;
}

AVX512 float snn_f32_fma_registers_avx512(size_t repetitions) {
  __m512 factor = _mm512_set1_ps(0.999f);
  const __m512 term = _mm512_set1_ps(0.001f);
#define START(i) __m512 vacc##i = _mm512_set1_ps((float)i);
#define STEP(i) vacc##i = _mm512_fmadd_ps(vacc##i, factor, term);
#define TOTAL(i) +total(vacc##i)
  EACH(START)
  for (size_t r = 0; r < repetitions; ++r) {
    EACH(STEP)
    __asm__ volatile("" : "+v"(factor));
  }
  return 0 EACH(TOTAL);
#undef START
#undef STEP
}

AVX512 float snn_f32_fma_memory_avx512(const float *data, size_t count, size_t repetitions) {
  __m512 factor = _mm512_set1_ps(0.5f);
#define START(i) __m512 vacc##i = _mm512_setzero_ps();
#define STEP(i) vacc##i = _mm512_fmadd_ps(factor, _mm512_load_ps(data + k + 16 * i), vacc##i);
  EACH(START)
  for (size_t r = 0; r < repetitions; ++r) {
    for (size_t k = 0; k < count; k += SNN_CEILING_BLOCK) { EACH(STEP) }
    __asm__ volatile("" : "+v"(factor), "+r"(data));
  }
  return 0 EACH(TOTAL);
#undef STEP
}

AVX512 float snn_f32_read_avx512(const float *data, size_t count, size_t repetitions) {
#define STEP(i) vacc##i = _mm512_add_ps(vacc##i, _mm512_load_ps(data + k + 16 * i));
  EACH(START)
  for (size_t r = 0; r < repetitions; ++r) {
    for (size_t k = 0; k < count; k += SNN_CEILING_BLOCK) { EACH(STEP) }
    __asm__ volatile("" : "+r"(data));
  }
  return 0 EACH(TOTAL);
}
#endif
