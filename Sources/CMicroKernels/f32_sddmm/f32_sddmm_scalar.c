// The specification: the formula of f32_sddmm.h as it is written there.
#include "f32_sddmm.h"
#include "variants.h"

static void sddmm(
    const struct snn_sddmm_tile *tile, const struct snn_spmm_record *records, size_t record_count,
    const struct snn_spmm_entry *entries, float *sums, int rows, int columns) {
  for (size_t i = 0; i < record_count; ++i) {
    const float *g = tile->g + (ptrdiff_t)records[i].row * tile->g_channel_stride;
    const uint32_t count = records[i].count & SNN_SPMM_COUNT;
    for (uint32_t e = 0; e < count; ++e) {
      const float *x = tile->x + entries[e].offset;
      float sum = 0;
      for (int r = 0; r < rows; ++r) {
        for (int v = 0; v < SNN_LANES * columns; ++v) sum += g[r * tile->g_row_stride + v] * x[r * tile->x_row_stride + v];
      }
      sums[e] += sum;
    }
    entries += count;
    sums += count;
  }
}

#define SNN_SDDMM_KERNEL(isa, ISA, rows, columns)                                                                  \
  void snn_f32_sddmm_##rows##x##columns##_##isa(                                                                   \
      const struct snn_sddmm_tile *tile, const struct snn_spmm_record *records, size_t record_count,               \
      const struct snn_spmm_entry *entries, float *sums) {                                                         \
    sddmm(tile, records, record_count, entries, sums, rows, columns);                                              \
  }
SNN_SDDMM_TILES(scalar, SCALAR)
