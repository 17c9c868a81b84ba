#include "cpu.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <string.h>
#endif

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

int snn_cpu_has_whole_avx512(void) {
#if defined(__x86_64__)
  enum { FIRST_WHOLE_FAMILY = 0x1a };
  if (snn_cpu_isa() != SNN_ISA_AVX512) return 0;
  unsigned eax, vendor[3];
  if (!__get_cpuid(0, &eax, &vendor[0], &vendor[2], &vendor[1])) return 0;
  if (memcmp(vendor, "AuthenticAMD", sizeof vendor)) return 1;
  unsigned ebx, ecx, edx;
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx)) return 0;
  const unsigned family = (eax >> 8 & 0xf) == 0xf ? 0xf + (eax >> 20 & 0xff) : eax >> 8 & 0xf;
  const unsigned model = (eax >> 4 & 0xf) | (eax >> 12 & 0xf0);
  // Zen 5 for laptops (Strix Point, Krackan) takes halves.
  const int is_laptop = (model >= 0x20 && model < 0x40) || (model >= 0x60 && model < 0x70);
  return family > FIRST_WHOLE_FAMILY || (family == FIRST_WHOLE_FAMILY && !is_laptop);
#else
  return 0;
#endif
}
