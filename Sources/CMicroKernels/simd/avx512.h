// Vectors of AVX-512, by the names that all headers of this folder give.
#pragma once

#if defined(__x86_64__)
#include <stdint.h>

#include "inlining.h"

// Tests compile this with names and types that emulate AVX-512 on any processor.
#if defined(SNN_EMULATED)
#define AVX512
#else
#include <immintrin.h>
#define AVX512 __attribute__((target("avx512f,avx512cd,avx512bw,avx512dq,avx512vl,avx2,fma")))
#endif
#define SIMD AVX512

enum {
  SNN_VEC_LANES = 16,
  /// Independent multiply-adds that hide their latency: four cycles at one load of activations a cycle.
  SNN_VECS_IN_FLIGHT = 4,
};

typedef __m512 snn_vec;
/// One bit a lane.
typedef __mmask16 snn_mask;

AVX512 INLINE snn_vec snn_zero(void) { return _mm512_setzero_ps(); }

AVX512 INLINE snn_vec snn_vec_of(float value) { return _mm512_set1_ps(value); }

#if !defined(SNN_EMULATED)
/// Keeps the compiler from knowing what a vector holds.
AVX512 INLINE void snn_hide(snn_vec *v) { __asm__ volatile("" : "+v"(*v)); }
#endif

/// The float with these bits in every lane.
AVX512 INLINE snn_vec snn_vec_of_bits(uint32_t bits) {
  return _mm512_broadcastss_ps(_mm_castsi128_ps(_mm_cvtsi32_si128((int)bits)));
}

AVX512 INLINE snn_vec snn_add(snn_vec left, snn_vec right) { return _mm512_add_ps(left, right); }

AVX512 INLINE snn_vec snn_multiply(snn_vec left, snn_vec right) { return _mm512_mul_ps(left, right); }

/// left * right + sum
AVX512 INLINE snn_vec snn_multiply_add(snn_vec left, snn_vec right, snn_vec sum) {
  return _mm512_fmadd_ps(left, right, sum);
}

/// min(upper, max(lower, v)), where NaN and the sign of a zero stay: the second operand is the result where either is NaN.
AVX512 INLINE snn_vec snn_clamp(snn_vec v, snn_vec lower, snn_vec upper) {
  return _mm512_min_ps(upper, _mm512_max_ps(lower, v));
}

/// The first `count` lanes.
AVX512 INLINE snn_mask snn_first_lanes(uint32_t count) { return (snn_mask)((1u << count) - 1); }

AVX512 INLINE snn_vec snn_load(const float *from) { return _mm512_loadu_ps(from); }

/// Those neighbouring floats that the mask names, and 0 elsewhere; others need not be there.
AVX512 INLINE snn_vec snn_load_masked(const float *from, snn_mask mask) { return _mm512_maskz_loadu_ps(mask, from); }

AVX512 INLINE void snn_store(float *to, snn_vec v) { _mm512_storeu_ps(to, v); }

/// Stores the first `count` floats, 1 to 16, which `mask` names too.
AVX512 INLINE void snn_store_first(float *to, snn_vec v, uint32_t count, snn_mask mask) {
  (void)count;
  _mm512_mask_storeu_ps(to, mask, v);
}

/// Sums of neighbouring lanes of four vectors, added up within each quarter: lane i of quarter q is the sum of quarter q of vector i.
AVX512 INLINE snn_vec snn_quarter_sums(const snn_vec v[4]) {
  const __m512 low01 = _mm512_unpacklo_ps(v[0], v[1]), high01 = _mm512_unpackhi_ps(v[0], v[1]);
  const __m512 low23 = _mm512_unpacklo_ps(v[2], v[3]), high23 = _mm512_unpackhi_ps(v[2], v[3]);
  const __m512 v01 = _mm512_add_ps(low01, high01), v23 = _mm512_add_ps(low23, high23);
  return _mm512_add_ps(_mm512_shuffle_ps(v01, v23, 0x44), _mm512_shuffle_ps(v01, v23, 0xee));
}

/// Element i is the sum of the lanes of vector i.
AVX512 INLINE snn_vec snn_lane_sums(const snn_vec v[SNN_VEC_LANES]) {
  // Quarter q of each has the sums of quarter q of four vectors; quarters are then added up as lanes were.
  const __m512 a = snn_quarter_sums(v), b = snn_quarter_sums(v + 4);
  const __m512 c = snn_quarter_sums(v + 8), d = snn_quarter_sums(v + 12);
  const __m512 ab = _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x44), _mm512_shuffle_f32x4(a, b, 0xee));
  const __m512 cd = _mm512_add_ps(_mm512_shuffle_f32x4(c, d, 0x44), _mm512_shuffle_f32x4(c, d, 0xee));
  return _mm512_add_ps(_mm512_shuffle_f32x4(ab, cd, 0x88), _mm512_shuffle_f32x4(ab, cd, 0xdd));
}
#endif
