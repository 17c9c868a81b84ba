// Vectors of AVX-512, by the names that all headers of this folder give.
#pragma once

#if defined(__x86_64__)
#include <stdint.h>

#include "inlining.h"
#include "x86_quads.h"

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

/// The floats with these bits.
AVX512 INLINE snn_vec snn_load_bits(const int32_t *from) { return _mm512_loadu_ps((const void *)from); }

/// The bits that both have.
AVX512 INLINE snn_vec snn_and(snn_vec left, snn_vec right) { return _mm512_and_ps(left, right); }

/// A vector of these quads.
AVX512 INLINE snn_vec snn_join(const snn_quad quads[SNN_VEC_LANES / 4]) {
  const __m512 v = _mm512_insertf32x4(_mm512_castps128_ps512(quads[0]), quads[1], 1);
  return _mm512_insertf32x4(_mm512_insertf32x4(v, quads[2], 2), quads[3], 3);
}

/// Quad `index` of a vector.
AVX512 INLINE snn_quad snn_quad_of(snn_vec v, int index) {
  switch (index) {
    case 0: return _mm512_extractf32x4_ps(v, 0);
    case 1: return _mm512_extractf32x4_ps(v, 1);
    case 2: return _mm512_extractf32x4_ps(v, 2);
    default: return _mm512_extractf32x4_ps(v, 3);
  }
}

/// Stores quad `index` of both vectors, one behind the other.
AVX512 INLINE void snn_store_two_quads(float *to, snn_vec first, snn_vec second, int index) {
  const __m512i low = _mm512_setr_epi32(0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const __m512i high = _mm512_setr_epi32(8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  // Of the two that share one, the compiler makes it once.
  const __m512 both = _mm512_permutex2var_ps(first, index < 2 ? low : high, second);
  _mm256_storeu_ps(to, index % 2 ? _mm512_extractf32x8_ps(both, 1) : _mm512_castps512_ps256(both));
}

/// The transpose of a 4x4 matrix in each quad: element i of quad q of vector j goes to element j of quad q of vector i.
AVX512 INLINE void snn_transpose_quads(snn_vec v[4]) {
  const __m512 low01 = _mm512_unpacklo_ps(v[0], v[1]), high01 = _mm512_unpackhi_ps(v[0], v[1]);
  const __m512 low23 = _mm512_unpacklo_ps(v[2], v[3]), high23 = _mm512_unpackhi_ps(v[2], v[3]);
  v[0] = _mm512_shuffle_ps(low01, low23, 0x44);
  v[1] = _mm512_shuffle_ps(low01, low23, 0xee);
  v[2] = _mm512_shuffle_ps(high01, high23, 0x44);
  v[3] = _mm512_shuffle_ps(high01, high23, 0xee);
}

/// In each quad the first two lanes of both vectors, in turn.
AVX512 INLINE snn_vec snn_zip_low_quads(snn_vec even, snn_vec odd) { return _mm512_unpacklo_ps(even, odd); }

/// In each quad the last two lanes of both vectors, in turn.
AVX512 INLINE snn_vec snn_zip_high_quads(snn_vec even, snn_vec odd) { return _mm512_unpackhi_ps(even, odd); }

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
