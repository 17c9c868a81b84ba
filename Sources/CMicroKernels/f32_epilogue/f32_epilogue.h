// What happens to a sum as it is stored; shared by every operation that stores sums.
#pragma once

#include <stddef.h>

/// min(upper, max(lower, sum + bias + residual)), added in this order, where NaN stays NaN.
struct snn_f32_epilogue {
  /// One value for each output channel, or NULL for none.
  const float *bias;
  /// Added to the element at the same place of the output, or NULL for none.
  const float *residual;
  /// At least this; -INFINITY for no bound.
  float lower;
  /// At most this; INFINITY for no bound.
  float upper;
};

/// The specification: `channel` selects the bias and `place` the residual.
static inline float snn_finished(
    float sum, const struct snn_f32_epilogue *epilogue, size_t channel, ptrdiff_t place) {
  if (epilogue->bias) sum += epilogue->bias[channel];
  if (epilogue->residual) sum += epilogue->residual[place];
  // A NaN fails both comparisons.
  sum = sum < epilogue->lower ? epilogue->lower : sum;
  return sum > epilogue->upper ? epilogue->upper : sum;
}
