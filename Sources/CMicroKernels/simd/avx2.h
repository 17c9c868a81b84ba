// Vectors of AVX2, by the names that all headers of this folder give, and what else the AVX2 variants share.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>

#include "../f32_epilogue/f32_epilogue.h"

#define AVX2 __attribute__((target("avx2,fma")))
#define SIMD AVX2
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

enum { SNN_VEC_LANES = 8 };

typedef __m256 snn_vec;
/// All ones in chosen lanes.
typedef __m256i snn_mask;

AVX2 INLINE snn_vec snn_zero(void) { return _mm256_setzero_ps(); }

AVX2 INLINE snn_vec snn_vec_of(float value) { return _mm256_set1_ps(value); }

/// The float with these bits in every lane.
AVX2 INLINE snn_vec snn_vec_of_bits(uint32_t bits) {
  return _mm256_broadcastss_ps(_mm_castsi128_ps(_mm_cvtsi32_si128((int)bits)));
}

AVX2 INLINE snn_vec snn_add(snn_vec left, snn_vec right) { return _mm256_add_ps(left, right); }

/// left * right + sum
AVX2 INLINE snn_vec snn_multiply_add(snn_vec left, snn_vec right, snn_vec sum) { return _mm256_fmadd_ps(left, right, sum); }

/// The second operand is the result where either is NaN.
AVX2 INLINE snn_vec snn_clamp(snn_vec v, snn_vec lower, snn_vec upper) {
  return _mm256_min_ps(upper, _mm256_max_ps(lower, v));
}

/// The first `count` lanes.
AVX2 INLINE snn_mask snn_first_lanes(uint32_t count) {
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), lane);
}

/// Neighbouring floats, or those that the mask names and 0 elsewhere.
AVX2 INLINE snn_vec snn_load(const float *from, int masked, snn_mask mask) {
  return masked ? _mm256_maskload_ps(from, mask) : _mm256_loadu_ps(from);
}

AVX2 INLINE void snn_store(float *to, snn_vec v) { _mm256_storeu_ps(to, v); }

/// Stores the first `count` floats, 1 to 8, which `mask` names too, piece by piece: a masked store takes longer than all
/// the pieces on some processors.
AVX2 INLINE void snn_store_first(float *to, snn_vec v, uint32_t count, snn_mask mask) {
  (void)mask;
  if (count & 8) {
    _mm256_storeu_ps(to, v);
    return;
  }
  __m128 rest = _mm256_castps256_ps128(v);
  if (count & 4) {
    _mm_storeu_ps(to, rest);
    rest = _mm256_extractf128_ps(v, 1);
    to += 4;
  }
  if (count & 2) {
    _mm_storel_pi((__m64 *)to, rest);
    rest = _mm_movehl_ps(rest, rest);
    to += 2;
  }
  if (count & 1) _mm_store_ss(to, rest);
}

/// The transpose of a 4x4 matrix in each half: element i of half h of vector j goes to element j of half h of vector i.
AVX2 INLINE void snn_transpose_halves(__m256 v[4]) {
  const __m256 low01 = _mm256_unpacklo_ps(v[0], v[1]);
  const __m256 high01 = _mm256_unpackhi_ps(v[0], v[1]);
  const __m256 low23 = _mm256_unpacklo_ps(v[2], v[3]);
  const __m256 high23 = _mm256_unpackhi_ps(v[2], v[3]);
  v[0] = _mm256_shuffle_ps(low01, low23, _MM_SHUFFLE(1, 0, 1, 0));
  v[1] = _mm256_shuffle_ps(low01, low23, _MM_SHUFFLE(3, 2, 3, 2));
  v[2] = _mm256_shuffle_ps(high01, high23, _MM_SHUFFLE(1, 0, 1, 0));
  v[3] = _mm256_shuffle_ps(high01, high23, _MM_SHUFFLE(3, 2, 3, 2));
}
#endif
