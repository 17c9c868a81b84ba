// The variants behind ceilings.h, one file each.
#pragma once

#include <stddef.h>

float snn_f32_fma_registers_scalar(size_t repetitions);
float snn_f32_fma_memory_scalar(const float *data, size_t count, size_t repetitions);
float snn_f32_read_scalar(const float *data, size_t count, size_t repetitions);

#if defined(__x86_64__)
float snn_f32_fma_registers_avx2(size_t repetitions);
float snn_f32_fma_memory_avx2(const float *data, size_t count, size_t repetitions);
float snn_f32_read_avx2(const float *data, size_t count, size_t repetitions);
float snn_f32_fma_registers_avx512(size_t repetitions);
float snn_f32_fma_memory_avx512(const float *data, size_t count, size_t repetitions);
float snn_f32_read_avx512(const float *data, size_t count, size_t repetitions);
#endif
