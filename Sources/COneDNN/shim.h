// oneDNN 2 (Debian 12) and 3 (Ubuntu 24.04, Homebrew) differ in what a memory descriptor is: a struct, or an object behind a
// pointer. Here it is always a pointer, created and destroyed by the first two functions.
#pragma once
#if __has_include(<oneapi/dnnl/dnnl.h>)
#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_version.h>
#elif __has_include("/opt/homebrew/include/oneapi/dnnl/dnnl.h")
#include "/opt/homebrew/include/oneapi/dnnl/dnnl.h"
#include "/opt/homebrew/include/oneapi/dnnl/dnnl_version.h"
#else
#include <dnnl.h>
#include <dnnl_version.h>
#endif
#include <stdlib.h>

#if DNNL_VERSION_MAJOR >= 3
typedef const_dnnl_memory_desc_t snn_dnnl_desc;
#else
typedef const dnnl_memory_desc_t *snn_dnnl_desc;
#endif

static inline dnnl_status_t snn_dnnl_desc_create(
    const void **desc, int rank, const int64_t *dims, dnnl_format_tag_t tag) {
#if DNNL_VERSION_MAJOR >= 3
  dnnl_memory_desc_t created = NULL;
  dnnl_status_t status = dnnl_memory_desc_create_with_tag(&created, rank, dims, dnnl_f32, tag);
#else
  dnnl_memory_desc_t *created = (dnnl_memory_desc_t *)malloc(sizeof(dnnl_memory_desc_t));
  if (!created) return dnnl_out_of_memory;
  dnnl_status_t status = dnnl_memory_desc_init_by_tag(created, rank, dims, dnnl_f32, tag);
  if (status != dnnl_success) {
    free(created);
    created = NULL;
  }
#endif
  *desc = created;
  return status;
}

static inline void snn_dnnl_desc_destroy(const void *desc) {
#if DNNL_VERSION_MAJOR >= 3
  if (desc) dnnl_memory_desc_destroy((dnnl_memory_desc_t)desc);
#else
  free((void *)desc);
#endif
}

static inline size_t snn_dnnl_desc_size(const void *desc) { return dnnl_memory_desc_get_size((snn_dnnl_desc)desc); }

static inline int snn_dnnl_desc_equal(const void *left, const void *right) {
  return dnnl_memory_desc_equal((snn_dnnl_desc)left, (snn_dnnl_desc)right);
}

/// The descriptor of one operand, owned by `primitive_desc`.
static inline const void *snn_dnnl_desc_of(const_dnnl_primitive_desc_t primitive_desc, dnnl_query_t operand) {
  return dnnl_primitive_desc_query_md(primitive_desc, operand, 0);
}

static inline dnnl_status_t snn_dnnl_memory_create(
    dnnl_memory_t *memory, const void *desc, dnnl_engine_t engine, void *data) {
  return dnnl_memory_create(memory, (snn_dnnl_desc)desc, engine, data);
}

static inline dnnl_status_t snn_dnnl_reorder_create(
    dnnl_primitive_desc_t *result, dnnl_engine_t engine, const void *from, const void *to,
    const_dnnl_primitive_attr_t attributes) {
  return dnnl_reorder_primitive_desc_create(
      result, (snn_dnnl_desc)from, engine, (snn_dnnl_desc)to, engine, attributes);
}

/// A direct forward convolution without bias; each geometry has height and width.
static inline dnnl_status_t snn_dnnl_convolution_create(
    dnnl_primitive_desc_t *result, dnnl_engine_t engine, const void *input, const void *weights, const void *output,
    const int64_t *stride, const int64_t *dilation_less_one, const int64_t *start, const int64_t *end,
    const_dnnl_primitive_attr_t attributes) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_convolution_forward_primitive_desc_create(
      result, engine, dnnl_forward_inference, dnnl_convolution_direct, (snn_dnnl_desc)input, (snn_dnnl_desc)weights,
      NULL, (snn_dnnl_desc)output, stride, dilation_less_one, start, end, attributes);
#else
  dnnl_convolution_desc_t operation;
  dnnl_status_t status = dnnl_dilated_convolution_forward_desc_init(
      &operation, dnnl_forward_inference, dnnl_convolution_direct, (snn_dnnl_desc)input, (snn_dnnl_desc)weights, NULL,
      (snn_dnnl_desc)output, stride, dilation_less_one, start, end);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(result, &operation, attributes, engine, NULL);
#endif
}
