// Four floats on x86, which the headers of wider vectors share: every x86-64 has them.
#pragma once

#if defined(__x86_64__)
#include <emmintrin.h>
#include <stdint.h>

#include "inlining.h"

typedef __m128 snn_quad;

INLINE snn_quad snn_load_quad(const float *from) { return _mm_loadu_ps(from); }

/// The first `count` of four floats, 1 to 4, and 0 elsewhere.
INLINE snn_quad snn_load_part(const float *from, uint32_t count) {
  switch (count) {
    case 1: return _mm_load_ss(from);
    case 2: return _mm_castpd_ps(_mm_load_sd((const double *)from));
    case 3: return _mm_movelh_ps(_mm_castpd_ps(_mm_load_sd((const double *)from)), _mm_load_ss(from + 2));
    default: return _mm_loadu_ps(from);
  }
}

/// from[0], from[2], from[4] and from[6]; nothing behind them is read.
INLINE snn_quad snn_load_every_other(const float *from) {
  return _mm_shuffle_ps(_mm_loadu_ps(from), _mm_loadu_ps(from + 3), _MM_SHUFFLE(3, 1, 2, 0));
}

INLINE void snn_store_quad(float *to, snn_quad v) { _mm_storeu_ps(to, v); }

/// Stores the first `count` of four floats, 0 to 4.
INLINE void snn_store_part(float *to, snn_quad v, uint32_t count) {
  if (count == 4) {
    _mm_storeu_ps(to, v);
    return;
  }
  if (count & 2) {
    _mm_storel_pi((__m64 *)to, v);
    v = _mm_movehl_ps(v, v);
    to += 2;
  }
  if (count & 1) _mm_store_ss(to, v);
}

INLINE snn_quad snn_add_quads(snn_quad left, snn_quad right) { return _mm_add_ps(left, right); }

/// min(upper, max(lower, v)), where NaN and the sign of a zero stay: the second operand is the result where either is NaN.
INLINE snn_quad snn_clamp_quad(snn_quad v, snn_quad lower, snn_quad upper) {
  return _mm_min_ps(upper, _mm_max_ps(lower, v));
}
#endif
