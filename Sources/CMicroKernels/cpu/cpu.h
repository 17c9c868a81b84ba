// Which instruction sets this CPU and its operating system offer.
#pragma once

/// Instruction sets for which micro-kernels exist, narrowest first. No processor has both of two architectures'.
enum snn_isa {
  SNN_ISA_SCALAR = 0,
  /// NEON of aarch64, which always has it: 4 floats a register, 8 a vector of ours.
  SNN_ISA_NEON = 1,
  /// AVX2 and FMA3, 8 floats a vector.
  SNN_ISA_AVX2 = 2,
  /// AVX-512 F, CD, BW, DQ and VL, as in every server core since 2017 that has any of it; 16 floats a vector.
  SNN_ISA_AVX512 = 3,
};

/// The widest instruction set of `enum snn_isa` that this CPU and its operating system offer.
enum snn_isa snn_cpu_isa(void);

/// Whether vectors of sixteen floats go through the core whole: false where two halves go one after the other, as on AMD's cores
/// before Zen 5 and on Zen 5 for laptops, or where there are none. What is not AMD's is taken to be whole.
int snn_cpu_has_whole_avx512(void);

/// Tells the core that this is a waiting loop.
static inline void snn_cpu_relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}
