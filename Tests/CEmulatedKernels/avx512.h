// AVX-512's names as SIMDe's functions, for simd/avx512.h.
#pragma once

#if defined(__x86_64__) && __has_include(<simde/x86/avx512.h>)
#define SNN_EMULATES_AVX512

// Vectors of sixteen floats never leave a file here, so how they would be passed is nobody's concern.
#pragma GCC diagnostic ignored "-Wpsabi"

// insert.h uses it without including it.
#include <simde/x86/avx512/setzero.h>

#include <simde/x86/avx512/add.h>
#include <simde/x86/avx512/and.h>
#include <simde/x86/avx512/broadcast.h>
#include <simde/x86/avx512/cast.h>
#include <simde/x86/avx512/extract.h>
#include <simde/x86/avx512/fmadd.h>
#include <simde/x86/avx512/insert.h>
#include <simde/x86/avx512/loadu.h>
#include <simde/x86/avx512/max.h>
#include <simde/x86/avx512/min.h>
#include <simde/x86/avx512/mul.h>
#include <simde/x86/avx512/permutex2var.h>
#include <simde/x86/avx512/set1.h>
#include <simde/x86/avx512/setr.h>
#include <simde/x86/avx512/shuffle.h>
#include <simde/x86/avx512/storeu.h>
#include <simde/x86/avx512/unpackhi.h>
#include <simde/x86/avx512/unpacklo.h>

// SIMDe has such aliases too, but its types' would clash with those of the compiler's own headers for SSE2.
#define __m512 simde__m512
#define __m512i simde__m512i
#define __mmask16 simde__mmask16
#define _mm256_storeu_ps simde_mm256_storeu_ps
#define _mm512_add_ps simde_mm512_add_ps
#define _mm512_and_ps simde_mm512_and_ps
#define _mm512_broadcastss_ps simde_mm512_broadcastss_ps
#define _mm512_castps128_ps512 simde_mm512_castps128_ps512
#define _mm512_castps512_ps256 simde_mm512_castps512_ps256
#define _mm512_extractf32x4_ps simde_mm512_extractf32x4_ps
#define _mm512_fmadd_ps simde_mm512_fmadd_ps
#define _mm512_insertf32x4 simde_mm512_insertf32x4
#define _mm512_loadu_ps simde_mm512_loadu_ps
#define _mm512_max_ps simde_mm512_max_ps
#define _mm512_min_ps simde_mm512_min_ps
#define _mm512_mul_ps simde_mm512_mul_ps
#define _mm512_permutex2var_ps simde_mm512_permutex2var_ps
#define _mm512_set1_ps simde_mm512_set1_ps
#define _mm512_setr_epi32 simde_mm512_setr_epi32
#define _mm512_setzero_ps simde_mm512_setzero_ps
#define _mm512_shuffle_f32x4 simde_mm512_shuffle_f32x4
#define _mm512_shuffle_ps simde_mm512_shuffle_ps
#define _mm512_storeu_ps simde_mm512_storeu_ps
#define _mm512_unpackhi_ps simde_mm512_unpackhi_ps
#define _mm512_unpacklo_ps simde_mm512_unpacklo_ps

// Of this SIMDe has none.
static inline simde__m256 emulated_extractf32x8_ps(__m512 v, int index) {
  return simde__m512_to_private(v).m256[index];
}
#define _mm512_extractf32x8_ps emulated_extractf32x8_ps

// SIMDe's masked accesses, where it has them, go to all lanes: only the result has a mask. The processor leaves alone the memory
// of the others, and tests see to it that nobody else touches it.

static inline __m512 emulated_maskz_loadu_ps(__mmask16 mask, const void *from) {
  simde__m512_private v;
  for (size_t i = 0; i < 16; ++i) v.f32[i] = mask >> i & 1 ? ((const float *)from)[i] : 0;
  return simde__m512_from_private(v);
}
#define _mm512_maskz_loadu_ps emulated_maskz_loadu_ps

static inline void emulated_mask_storeu_ps(void *to, __mmask16 mask, __m512 value) {
  const simde__m512_private v = simde__m512_to_private(value);
  for (size_t i = 0; i < 16; ++i) {
    if (mask >> i & 1) ((float *)to)[i] = v.f32[i];
  }
}
#define _mm512_mask_storeu_ps emulated_mask_storeu_ps

#define SNN_EMULATED
#endif
