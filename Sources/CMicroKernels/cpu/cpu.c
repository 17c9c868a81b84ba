#include "cpu.h"

enum snn_isa snn_cpu_isa(void) {
#if defined(__x86_64__)
  // The builtin asks the operating system too (XGETBV): without it the upper halves would not be saved.
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    return SNN_ISA_AVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return SNN_ISA_AVX2;
  return SNN_ISA_SCALAR;
#elif defined(__aarch64__)
  return SNN_ISA_NEON;
#else
  return SNN_ISA_SCALAR;
#endif
}
