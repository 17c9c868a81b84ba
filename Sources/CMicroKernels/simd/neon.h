// Vectors of eight floats in two registers of NEON, by the names that all headers of this folder give: what is laid out for
// AVX2 serves here too, and a tile of fifteen vectors fills the registers.
#pragma once

#include <stdint.h>

#include "inlining.h"

// Tests compile this with names and types that emulate NEON on any processor.
#if defined(__aarch64__) && !defined(SNN_EMULATED)
#include <arm_neon.h>
#endif

#if defined(__aarch64__) || defined(SNN_EMULATED)
/// Nothing: every aarch64 has NEON.
#define SIMD

enum {
  SNN_VEC_LANES = 8,
  /// Independent multiply-adds that hide their latency: four cycles at four registers a cycle.
  SNN_VECS_IN_FLIGHT = 8,
};

/// Four floats: half a vector.
typedef float32x4_t snn_quad;
typedef struct {
  snn_quad low, high;
} snn_vec;
/// Lanes `first` to `end` - 1.
typedef struct {
  uint32_t first, end;
} snn_mask;

INLINE snn_vec snn_vec_of_quads(snn_quad low, snn_quad high) {
  const snn_vec v = {low, high};
  return v;
}

/// A vector of these quads.
INLINE snn_vec snn_join(const snn_quad quads[SNN_VEC_LANES / 4]) { return snn_vec_of_quads(quads[0], quads[1]); }

/// Quad `index` of a vector.
INLINE snn_quad snn_quad_of(snn_vec v, int index) { return index == 0 ? v.low : v.high; }

INLINE snn_vec snn_vec_of(float value) { return snn_vec_of_quads(vdupq_n_f32(value), vdupq_n_f32(value)); }

INLINE snn_vec snn_zero(void) { return snn_vec_of(0); }

#if !defined(SNN_EMULATED)
/// Keeps the compiler from knowing what a vector holds.
INLINE void snn_hide(snn_vec *v) { __asm__ volatile("" : "+w"(v->low), "+w"(v->high)); }
#endif

/// The float with these bits in every lane.
INLINE snn_vec snn_vec_of_bits(uint32_t bits) {
  const snn_quad quad = vreinterpretq_f32_u32(vdupq_n_u32(bits));
  return snn_vec_of_quads(quad, quad);
}

INLINE snn_quad snn_add_quads(snn_quad left, snn_quad right) { return vaddq_f32(left, right); }

INLINE snn_vec snn_add(snn_vec left, snn_vec right) {
  return snn_vec_of_quads(vaddq_f32(left.low, right.low), vaddq_f32(left.high, right.high));
}

INLINE snn_vec snn_subtract(snn_vec left, snn_vec right) {
  return snn_vec_of_quads(vsubq_f32(left.low, right.low), vsubq_f32(left.high, right.high));
}

INLINE snn_vec snn_multiply(snn_vec left, snn_vec right) {
  return snn_vec_of_quads(vmulq_f32(left.low, right.low), vmulq_f32(left.high, right.high));
}

/// left * right + sum
INLINE snn_vec snn_multiply_add(snn_vec left, snn_vec right, snn_vec sum) {
  return snn_vec_of_quads(vfmaq_f32(sum.low, left.low, right.low), vfmaq_f32(sum.high, left.high, right.high));
}

/// sum - left * right
INLINE snn_vec snn_subtract_product(snn_vec left, snn_vec right, snn_vec sum) {
  const snn_vec negative = snn_vec_of_quads(vnegq_f32(left.low), vnegq_f32(left.high));
  return snn_multiply_add(negative, right, sum);
}

/// min(upper, max(lower, v)), where NaN and the sign of a zero stay: the processor's minimum and maximum would order zeros.
INLINE snn_quad snn_clamp_quad(snn_quad v, snn_quad lower, snn_quad upper) {
  const snn_quad raised = vbslq_f32(vcltq_f32(v, lower), lower, v);
  return vbslq_f32(vcgtq_f32(raised, upper), upper, raised);
}

/// snn_clamp_quad for a whole vector.
INLINE snn_vec snn_clamp(snn_vec v, snn_vec lower, snn_vec upper) {
  return snn_vec_of_quads(
      snn_clamp_quad(v.low, lower.low, upper.low), snn_clamp_quad(v.high, lower.high, upper.high));
}

INLINE snn_quad snn_and_quads(snn_quad left, snn_quad right) {
  return vreinterpretq_f32_u32(vandq_u32(vreinterpretq_u32_f32(left), vreinterpretq_u32_f32(right)));
}

/// The bits that both have.
INLINE snn_vec snn_and(snn_vec left, snn_vec right) {
  return snn_vec_of_quads(snn_and_quads(left.low, right.low), snn_and_quads(left.high, right.high));
}

/// The first `count` lanes.
INLINE snn_mask snn_first_lanes(uint32_t count) {
  const snn_mask mask = {0, count};
  return mask;
}

/// Lanes `first` to `end` - 1.
INLINE snn_mask snn_lanes_between(uint32_t first, uint32_t end) {
  const snn_mask mask = {first, end};
  return mask;
}

INLINE snn_quad snn_load_quad(const float *from) { return vld1q_f32(from); }

/// from[0], from[2], from[4] and from[6]; nothing behind them is read.
INLINE snn_quad snn_load_every_other(const float *from) {
  const snn_quad first = vld1q_f32(from), last = vld1q_f32(from + 3);
  return vcombine_f32(vget_low_f32(vuzp1q_f32(first, first)), vget_low_f32(vuzp2q_f32(last, last)));
}

INLINE snn_vec snn_load(const float *from) { return snn_vec_of_quads(vld1q_f32(from), vld1q_f32(from + 4)); }

/// The first `count` of four floats, 0 to 4, and 0 elsewhere.
INLINE snn_quad snn_load_part(const float *from, uint32_t count) {
  if (count == 4) return vld1q_f32(from);
  float32x2_t low = vdup_n_f32(0), high = low;
  if (count & 2) {
    low = vld1_f32(from);
    if (count & 1) high = vset_lane_f32(from[2], high, 0);
  } else if (count & 1) {
    low = vset_lane_f32(from[0], low, 0);
  }
  return vcombine_f32(low, high);
}

/// Those neighbouring floats that the mask names, and 0 elsewhere; others need not be there.
INLINE snn_vec snn_load_masked(const float *from, snn_mask mask) {
  if (mask.first) {
    float lanes[SNN_VEC_LANES] = {0};
    for (uint32_t l = mask.first; l < mask.end; ++l) lanes[l] = from[l];
    return snn_load(lanes);
  }
  if (mask.end & 8) return snn_load(from);
  if (mask.end & 4) return snn_vec_of_quads(vld1q_f32(from), snn_load_part(from + 4, mask.end & 3));
  return snn_vec_of_quads(snn_load_part(from, mask.end), vdupq_n_f32(0));
}

/// The floats with these bits.
INLINE snn_vec snn_load_bits(const int32_t *from) {
  return snn_vec_of_quads(vreinterpretq_f32_s32(vld1q_s32(from)), vreinterpretq_f32_s32(vld1q_s32(from + 4)));
}

INLINE void snn_store_quad(float *to, snn_quad v) { vst1q_f32(to, v); }

INLINE void snn_store(float *to, snn_vec v) {
  vst1q_f32(to, v.low);
  vst1q_f32(to + 4, v.high);
}

/// Stores the first `count` of four floats, 0 to 4.
INLINE void snn_store_part(float *to, snn_quad v, uint32_t count) {
  if (count == 4) {
    vst1q_f32(to, v);
    return;
  }
  float32x2_t pair = vget_low_f32(v);
  if (count & 2) {
    vst1_f32(to, pair);
    pair = vget_high_f32(v);
    to += 2;
  }
  if (count & 1) *to = vget_lane_f32(pair, 0);
}

/// Stores the first `count` floats, 1 to 8, which `mask` names too.
INLINE void snn_store_first(float *to, snn_vec v, uint32_t count, snn_mask mask) {
  (void)mask;
  if (count & 8) {
    snn_store(to, v);
    return;
  }
  if (count & 4) vst1q_f32(to, v.low);
  snn_store_part(count & 4 ? to + 4 : to, count & 4 ? v.high : v.low, count & 3);
}

/// Stores quad `index` of both vectors, one behind the other.
INLINE void snn_store_two_quads(float *to, snn_vec first, snn_vec second, int index) {
  vst1q_f32(to, snn_quad_of(first, index));
  vst1q_f32(to + 4, snn_quad_of(second, index));
}

/// Element i is the sum of the lanes of vector i.
INLINE snn_vec snn_lane_sums(const snn_vec v[SNN_VEC_LANES]) {
  snn_quad pairs[SNN_VEC_LANES / 2];
  UNROLL for (int i = 0; i < SNN_VEC_LANES / 2; ++i) {
    pairs[i] = vpaddq_f32(vaddq_f32(v[2 * i].low, v[2 * i].high), vaddq_f32(v[2 * i + 1].low, v[2 * i + 1].high));
  }
  return snn_vec_of_quads(vpaddq_f32(pairs[0], pairs[1]), vpaddq_f32(pairs[2], pairs[3]));
}

INLINE void snn_transpose_quad(snn_quad v[4]) {
  const snn_quad even01 = vtrn1q_f32(v[0], v[1]), odd01 = vtrn2q_f32(v[0], v[1]);
  const snn_quad even23 = vtrn1q_f32(v[2], v[3]), odd23 = vtrn2q_f32(v[2], v[3]);
  v[0] = vcombine_f32(vget_low_f32(even01), vget_low_f32(even23));
  v[1] = vcombine_f32(vget_low_f32(odd01), vget_low_f32(odd23));
  v[2] = vcombine_f32(vget_high_f32(even01), vget_high_f32(even23));
  v[3] = vcombine_f32(vget_high_f32(odd01), vget_high_f32(odd23));
}

/// The transpose of a 4x4 matrix in each quad: element i of quad q of vector j goes to element j of quad q of vector i.
INLINE void snn_transpose_quads(snn_vec v[4]) {
  snn_quad low[4], high[4];
  UNROLL for (int i = 0; i < 4; ++i) {
    low[i] = v[i].low;
    high[i] = v[i].high;
  }
  snn_transpose_quad(low);
  snn_transpose_quad(high);
  UNROLL for (int i = 0; i < 4; ++i) v[i] = snn_vec_of_quads(low[i], high[i]);
}

/// In each quad the first two lanes of both vectors, in turn.
INLINE snn_vec snn_zip_low_quads(snn_vec even, snn_vec odd) {
  return snn_vec_of_quads(vzip1q_f32(even.low, odd.low), vzip1q_f32(even.high, odd.high));
}

/// In each quad the last two lanes of both vectors, in turn.
INLINE snn_vec snn_zip_high_quads(snn_vec even, snn_vec odd) {
  return snn_vec_of_quads(vzip2q_f32(even.low, odd.low), vzip2q_f32(even.high, odd.high));
}
#endif
