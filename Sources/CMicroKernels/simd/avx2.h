// Vectors of AVX2, by the names that all headers of this folder give, and what else the AVX2 variants share.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>

#include "inlining.h"
#include "x86_quads.h"

#define AVX2 __attribute__((target("avx2,fma")))
#define SIMD AVX2

enum {
  SNN_VEC_LANES = 8,
  /// Independent multiply-adds that hide their latency: four cycles at two a cycle.
  SNN_VECS_IN_FLIGHT = 8,
};

typedef __m256 snn_vec;
/// All ones in chosen lanes.
typedef __m256i snn_mask;

AVX2 INLINE snn_vec snn_zero(void) { return _mm256_setzero_ps(); }

AVX2 INLINE snn_vec snn_vec_of(float value) { return _mm256_set1_ps(value); }

/// Keeps the compiler from knowing what a vector holds.
AVX2 INLINE void snn_hide(snn_vec *v) { __asm__ volatile("" : "+x"(*v)); }

/// The float with these bits in every lane.
AVX2 INLINE snn_vec snn_vec_of_bits(uint32_t bits) {
  return _mm256_broadcastss_ps(_mm_castsi128_ps(_mm_cvtsi32_si128((int)bits)));
}

AVX2 INLINE snn_vec snn_add(snn_vec left, snn_vec right) { return _mm256_add_ps(left, right); }

AVX2 INLINE snn_vec snn_subtract(snn_vec left, snn_vec right) { return _mm256_sub_ps(left, right); }

AVX2 INLINE snn_vec snn_multiply(snn_vec left, snn_vec right) { return _mm256_mul_ps(left, right); }

/// left * right + sum
AVX2 INLINE snn_vec snn_multiply_add(snn_vec left, snn_vec right, snn_vec sum) { return _mm256_fmadd_ps(left, right, sum); }

/// sum - left * right
AVX2 INLINE snn_vec snn_subtract_product(snn_vec left, snn_vec right, snn_vec sum) {
  return _mm256_fnmadd_ps(left, right, sum);
}

/// min(upper, max(lower, v)), where NaN and the sign of a zero stay: the second operand is the result where either is NaN.
AVX2 INLINE snn_vec snn_clamp(snn_vec v, snn_vec lower, snn_vec upper) {
  return _mm256_min_ps(upper, _mm256_max_ps(lower, v));
}

/// The first `count` lanes.
AVX2 INLINE snn_mask snn_first_lanes(uint32_t count) {
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), lane);
}

AVX2 INLINE snn_vec snn_load(const float *from) { return _mm256_loadu_ps(from); }

/// Lanes `first` to `end` - 1.
AVX2 INLINE snn_mask snn_lanes_between(uint32_t first, uint32_t end) {
  return _mm256_andnot_si256(snn_first_lanes(first), snn_first_lanes(end));
}

/// Those neighbouring floats that the mask names, and 0 elsewhere; others need not be there.
AVX2 INLINE snn_vec snn_load_masked(const float *from, snn_mask mask) { return _mm256_maskload_ps(from, mask); }

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
  snn_store_part(to, rest, count & 3);
}

/// The floats with these bits.
AVX2 INLINE snn_vec snn_load_bits(const int32_t *from) {
  return _mm256_castsi256_ps(_mm256_loadu_si256((const __m256i *)from));
}

/// The bits that both have.
AVX2 INLINE snn_vec snn_and(snn_vec left, snn_vec right) { return _mm256_and_ps(left, right); }

/// A vector of these quads.
AVX2 INLINE snn_vec snn_join(const snn_quad quads[SNN_VEC_LANES / 4]) {
  return _mm256_insertf128_ps(_mm256_castps128_ps256(quads[0]), quads[1], 1);
}

/// Quad `index` of a vector.
AVX2 INLINE snn_quad snn_quad_of(snn_vec v, int index) {
  return index == 0 ? _mm256_castps256_ps128(v) : _mm256_extractf128_ps(v, 1);
}

/// Stores quad `index` of both vectors, one behind the other.
AVX2 INLINE void snn_store_two_quads(float *to, snn_vec first, snn_vec second, int index) {
  _mm_storeu_ps(to, snn_quad_of(first, index));
  _mm_storeu_ps(to + 4, snn_quad_of(second, index));
}

/// Element i is the sum of the lanes of vector i.
AVX2 INLINE snn_vec snn_lane_sums(const snn_vec v[SNN_VEC_LANES]) {
  const __m256 v01 = _mm256_hadd_ps(v[0], v[1]), v23 = _mm256_hadd_ps(v[2], v[3]);
  const __m256 v45 = _mm256_hadd_ps(v[4], v[5]), v67 = _mm256_hadd_ps(v[6], v[7]);
  const __m256 v0123 = _mm256_hadd_ps(v01, v23), v4567 = _mm256_hadd_ps(v45, v67);
  return _mm256_add_ps(_mm256_permute2f128_ps(v0123, v4567, 0x20), _mm256_permute2f128_ps(v0123, v4567, 0x31));
}

/// The transpose of a 4x4 matrix in each quad: element i of quad q of vector j goes to element j of quad q of vector i.
AVX2 INLINE void snn_transpose_quads(snn_vec v[4]) {
  const __m256 low01 = _mm256_unpacklo_ps(v[0], v[1]);
  const __m256 high01 = _mm256_unpackhi_ps(v[0], v[1]);
  const __m256 low23 = _mm256_unpacklo_ps(v[2], v[3]);
  const __m256 high23 = _mm256_unpackhi_ps(v[2], v[3]);
  v[0] = _mm256_shuffle_ps(low01, low23, _MM_SHUFFLE(1, 0, 1, 0));
  v[1] = _mm256_shuffle_ps(low01, low23, _MM_SHUFFLE(3, 2, 3, 2));
  v[2] = _mm256_shuffle_ps(high01, high23, _MM_SHUFFLE(1, 0, 1, 0));
  v[3] = _mm256_shuffle_ps(high01, high23, _MM_SHUFFLE(3, 2, 3, 2));
}

/// In each quad the first two lanes of both vectors, in turn.
AVX2 INLINE snn_vec snn_zip_low_quads(snn_vec even, snn_vec odd) { return _mm256_unpacklo_ps(even, odd); }

/// In each quad the last two lanes of both vectors, in turn.
AVX2 INLINE snn_vec snn_zip_high_quads(snn_vec even, snn_vec odd) { return _mm256_unpackhi_ps(even, odd); }
#endif
