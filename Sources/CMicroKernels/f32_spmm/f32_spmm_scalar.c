// The specification: the formula of f32_spmm.h as it is written there.
#include "f32_spmm.h"
#include "variants.h"

static void spmm(
    const struct snn_spmm_tile *tile, const struct snn_spmm_record *records, size_t record_count,
    const struct snn_spmm_entry *entries, int rows, ptrdiff_t width) {
  for (const struct snn_spmm_record *record = records; record < records + record_count; ++record) {
    const uint32_t count = record->count & SNN_SPMM_COUNT;
    for (int r = 0; r < rows; ++r) {
      const float *x = tile->x + r * tile->x_row_stride;
      const ptrdiff_t place = (ptrdiff_t)record->row * tile->y_channel_stride + r * tile->y_row_stride;
      float *y = tile->y + place;
      for (ptrdiff_t v = 0; v < width; ++v) {
        float sum = record->count & SNN_SPMM_STARTS ? 0 : y[v];
        for (uint32_t e = 0; e < count; ++e) sum += entries[e].value * x[entries[e].offset + v];
        const int finishes = tile->epilogue && record->count & SNN_SPMM_FINISHES;
        y[v] = finishes ? snn_finished(sum, tile->epilogue, record->row, place + v) : sum;
      }
    }
    entries += count;
  }
}

#define SNN_SPMM_KERNEL(isa, ISA, rows, columns)                                                                    \
  SNN_SPMM_DEFINE(rows, columns, , SNN_SPMM_LANES_##ISA * columns)                                                  \
  SNN_SPMM_DEFINE(rows, columns, _tail, SNN_SPMM_LANES_##ISA * (columns - 1) + (ptrdiff_t)tile->tail)               \
  SNN_SPMM_DEFINE(rows, columns, _padded_tail, SNN_SPMM_LANES_##ISA * (columns - 1) + (ptrdiff_t)tile->tail)
#define SNN_SPMM_DEFINE(rows, columns, suffix, width)                                                               \
  void snn_f32_spmm_##rows##x##columns##suffix##_scalar(                                                            \
      const struct snn_spmm_tile *tile, const struct snn_spmm_record *records, size_t record_count,                 \
      const struct snn_spmm_entry *entries) {                                                                       \
    spmm(tile, records, record_count, entries, rows, width);                                                        \
  }
SNN_SPMM_TILES(scalar, SCALAR)
