// Every vector variant that the processor can run against the plain C of the same call, in memory that ends where a page without
// access begins. A program of its own, for processors that an emulator stands in for: see `run`. What is right is
// CMicroKernelsTests' to say.
#define _GNU_SOURCE
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "CMicroKernels.h"

static uint64_t state = 1;
static long call_count = 0;

static uint32_t next(uint32_t below) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(state >> 33) % below;
}

/// `count` floats in -1...1, the last at the end of a page.
static float *numbers(size_t count) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE), size = (4 * count + page - 1) / page * page;
  char *pages = mmap(NULL, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED || mprotect(pages + size, page, PROT_NONE)) abort();
  float *floats = (float *)(pages + size) - count;
  for (size_t i = 0; i < count; ++i) floats[i] = (float)next(20001) / 10000 - 1;
  return floats;
}

static void release(float *floats, size_t count) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE), size = (4 * count + page - 1) / page * page;
  munmap((char *)(floats + count) - size, size + page);
}

static void compare(const char *name, const float *got, const float *expected, size_t count, float bound) {
  ++call_count;
  for (size_t i = 0; i < count; ++i) {
    if (fabsf(got[i] - expected[i]) <= bound) continue;
    printf("%s: element %zu is %g, plain C has %g\n", name, i, (double)got[i], (double)expected[i]);
    exit(1);
  }
}

enum { CHANNELS = 4, ENTRIES = 34, PLACES = 16, WINDOW_CHANNELS = 5 };

/// Two blocks of a few records: the first block starts the sums, the second finishes them.
static size_t make_records(struct snn_spmm_record *records, struct snn_spmm_entry *entries, uint32_t places, uint32_t step) {
  static const uint32_t counts[2][CHANNELS] = {{0, 1, 9, 3}, {8, 0, 11, 2}};
  size_t e = 0;
  for (int block = 0; block < 2; ++block) {
    for (uint32_t row = 0; row < CHANNELS; ++row) {
      records[block * CHANNELS + (int)row] =
          (struct snn_spmm_record){row, counts[block][row] | (block ? SNN_SPMM_FINISHES : SNN_SPMM_STARTS)};
      for (uint32_t i = 0; i < counts[block][row]; ++i) {
        entries[e++] = (struct snn_spmm_entry){next(places) * step, (float)next(2001) / 1000 - 1};
      }
    }
  }
  return e;
}

static void check_spmm_tile(
    const struct snn_spmm_kernel *kernel, const struct snn_spmm_kernel *plain, uint32_t tail, int is_padded) {
  const size_t whole = (size_t)(kernel->lanes * kernel->columns), rows = (size_t)kernel->rows;
  const size_t width = tail ? whole - (size_t)kernel->lanes + tail : whole;
  const size_t row = whole + 3, channel = rows * row + 1;
  struct snn_spmm_record records[2 * CHANNELS];
  struct snn_spmm_entry entries[ENTRIES];
  if (make_records(records, entries, PLACES, 1) != ENTRIES) abort();
  entries[0].offset = PLACES - 1;
  const size_t x_count = PLACES - 1 + (rows - 1) * row + (is_padded ? whole : width);
  const size_t y_count = (CHANNELS - 1) * channel + (rows - 1) * row + width;
  float *x = numbers(x_count), *y = numbers(y_count), *expected = numbers(y_count), *residual = numbers(y_count);
  float *bias = numbers(CHANNELS);
  memcpy(expected, y, 4 * y_count);
  const struct snn_f32_epilogue epilogue = {bias, residual, -1, 1.5f};
  struct snn_spmm_tile tile = {x, y, (ptrdiff_t)row, (ptrdiff_t)row, (ptrdiff_t)channel, tail, &epilogue};
  (is_padded ? kernel->padded_tail : tail ? kernel->tail : kernel->function)(&tile, records, 2 * CHANNELS, entries);
  tile.y = expected;
  (tail ? plain->tail : plain->function)(&tile, records, 2 * CHANNELS, entries);
  compare(kernel->name, y, expected, y_count, 1e-5f);
  if (rows == 1) {
    // The same from a copy of one-row planes.
    const size_t length = whole + 2 * (size_t)kernel->lanes;
    float *planes = numbers((WINDOW_CHANNELS - 1) * (width + 1) + width);
    const struct snn_spmm_window window = {planes, (ptrdiff_t)width + 1, WINDOW_CHANNELS, width, length};
    if (make_records(records, entries, WINDOW_CHANNELS, (uint32_t)length) != ENTRIES) abort();
    tile.tail = tail ? tail : (uint32_t)kernel->lanes;
    snn_f32_spmm_windowed(plain, &tile, &window, records, 2 * CHANNELS, entries);
    tile.y = y;
    snn_f32_spmm_windowed(kernel, &tile, &window, records, 2 * CHANNELS, entries);
    compare(kernel->name, y, expected, y_count, 1e-5f);
    release(planes, (WINDOW_CHANNELS - 1) * (width + 1) + width);
  }
  release(x, x_count);
  release(y, y_count);
  release(expected, y_count);
  release(residual, y_count);
  release(bias, CHANNELS);
}

static void check_spmm(enum snn_isa isa) {
  size_t count;
  const struct snn_spmm_kernel *kernels = snn_f32_spmm_kernels(&count);
  for (const struct snn_spmm_kernel *kernel = kernels; kernel < kernels + count; ++kernel) {
    if (kernel->isa != isa) continue;
    const struct snn_spmm_kernel *plain = kernels;
    while (plain->isa != SNN_ISA_SCALAR || plain->rows != kernel->rows || plain->columns != kernel->columns) ++plain;
    // The plain tile has vectors of as many floats, or is not the same tile.
    if (plain->lanes != kernel->lanes) continue;
    check_spmm_tile(kernel, plain, 0, 0);
    for (uint32_t tail = 1; tail <= (uint32_t)kernel->lanes; ++tail) {
      check_spmm_tile(kernel, plain, tail, 0);
      check_spmm_tile(kernel, plain, tail, 1);
    }
  }
}

static void check_sddmm(enum snn_isa isa) {
  size_t count;
  const struct snn_sddmm_kernel *kernels = snn_f32_sddmm_kernels(&count);
  for (const struct snn_sddmm_kernel *kernel = kernels; kernel < kernels + count; ++kernel) {
    if (kernel->isa != isa) continue;
    const struct snn_sddmm_kernel *plain = kernels;
    while (plain->isa != SNN_ISA_SCALAR || plain->rows != kernel->rows || plain->columns != kernel->columns) ++plain;
    const size_t width = (size_t)(kernel->lanes * kernel->columns), rows = (size_t)kernel->rows;
    const size_t row = width + 3, channel = rows * row + 1;
    struct snn_spmm_record records[2 * CHANNELS];
    struct snn_spmm_entry entries[ENTRIES];
    make_records(records, entries, PLACES, 1);
    entries[0].offset = PLACES - 1;
    const size_t x_count = PLACES - 1 + (rows - 1) * row + width;
    const size_t g_count = (CHANNELS - 1) * channel + (rows - 1) * row + width;
    float *x = numbers(x_count), *g = numbers(g_count), *got = numbers(ENTRIES), *expected = numbers(ENTRIES);
    memcpy(expected, got, 4 * ENTRIES);
    const struct snn_sddmm_tile tile = {x, g, (ptrdiff_t)row, (ptrdiff_t)row, (ptrdiff_t)channel};
    kernel->function(&tile, records, 2 * CHANNELS, entries, got);
    plain->function(&tile, records, 2 * CHANNELS, entries, expected);
    compare(kernel->name, got, expected, ENTRIES, 1e-4f);
    release(x, x_count);
    release(g, g_count);
    release(got, ENTRIES);
    release(expected, ENTRIES);
  }
}

static void check_lanes(enum snn_isa isa) {
  for (size_t length = 0; length <= 20; ++length) {
    for (ptrdiff_t stride = 1; stride <= 3; ++stride) {
      for (int kind = 0; kind < 4; ++kind) {
        const int has_residual = kind & 1;
        const size_t vector = kind & 2 ? SNN_WIDE_LANES : SNN_LANES;
        const size_t region = length * (size_t)stride + 1, plane_count = 2 * vector * region;
        // As many phases of what is scattered as strides of what is gathered.
        static const int32_t phase_rows[] = {1, -1, 0};
        const size_t lanes_stride = vector * (length + 2), lanes_count = 2 * lanes_stride;
        struct snn_lane_row row = {
            .length = length, .element_stride = stride, .channel_count = 2,
            .plane_stride = (ptrdiff_t)(vector * region), .lanes_stride = (ptrdiff_t)lanes_stride,
            .lane_count = (int32_t)vector, .phase_count = (int32_t)stride, .phase_rows = phase_rows + 3 - stride,
            .phase_stride = (ptrdiff_t)(vector * ((length + (size_t)stride - 1) / (size_t)stride))};
        for (uint32_t l = 0; l < vector; ++l) {
          row.lane[l] = (struct snn_lane){
              (ptrdiff_t)(l * region), (int32_t)next(2 + (uint32_t)length / 6) / 2, (int32_t)(length - next(2))};
        }
        float *plane = numbers(plane_count), *lanes = numbers(lanes_count), *same = numbers(lanes_count);
        // Behind a channel's vectors nothing is written.
        memcpy(same, lanes, 4 * lanes_count);
        snn_f32_gather_lanes(isa, &row, 1, plane, lanes);
        snn_f32_gather_lanes(SNN_ISA_SCALAR, &row, 1, plane, same);
        compare("snn_f32_gather_lanes", lanes, same, lanes_count, 0);
        float *other = numbers(plane_count), *residual = numbers(plane_count);
        memcpy(other, plane, 4 * plane_count);
        const float bias[2] = {0.25f, -0.5f};
        const struct snn_f32_epilogue epilogue = {bias, has_residual ? residual : NULL, -0.75f, 1};
        snn_f32_scatter_lanes(isa, &row, lanes, &epilogue, plane);
        snn_f32_scatter_lanes(SNN_ISA_SCALAR, &row, lanes, &epilogue, other);
        compare("snn_f32_scatter_lanes", plane, other, plane_count, 0);
        release(plane, plane_count);
        release(lanes, lanes_count);
        release(same, lanes_count);
        release(other, plane_count);
        release(residual, plane_count);
      }
    }
  }
}

/// A padded image of two channels, cut into tiles.
static void check_winograd(enum snn_isa isa, int m, int height, int width) {
  enum { MOST_TILES = 512 };
  static struct snn_winograd_group groups[MOST_TILES];
  static struct snn_winograd_tile tiles[MOST_TILES];
  const int n = m + 2;
  size_t tile_count = 0;
  memset(groups, 0, sizeof groups);
  for (int y = 0; y < height; y += m) {
    for (int x = 0; x < width; x += m) {
      // Pairs of neighbours, and single ones at the ends of lines.
      struct snn_winograd_group *group = &groups[tile_count / SNN_WINOGRAD_TILES];
      const int continues = tile_count % 2 && x >= m;
      if (continues) group->run[group->run_count - 1].tile_count = 2;
      if (!continues) {
        group->run[group->run_count++] = (struct snn_winograd_run){
            .offset = (y - 1) * width + x - 1, .tile_count = 1, .first_row = y ? 0 : 1,
            .end_row = height - y + 1 < n ? height - y + 1 : n, .first_column = x ? 0 : 1};
      }
      struct snn_winograd_run *run = &group->run[group->run_count - 1];
      const int columns = m * run->tile_count + 2, left = width - (x - m * (run->tile_count - 1)) + 1;
      run->end_column = left < columns ? left : columns;
      tiles[tile_count++] = (struct snn_winograd_tile){
          y * width + x, height - y < m ? height - y : m, width - x < m ? width - x : m};
    }
  }
  const size_t group_count = (tile_count + SNN_WINOGRAD_TILES - 1) / SNN_WINOGRAD_TILES;
  const size_t whole = group_count * SNN_WINOGRAD_TILES, plane = (size_t)(height * width);
  const size_t planes_count = (size_t)(n * n) * 2 * whole, image_count = 2 * plane;
  const struct snn_winograd_planes layout = {(ptrdiff_t)(2 * whole), (ptrdiff_t)whole};
  float *image = numbers(image_count), *got = numbers(planes_count), *expected = numbers(planes_count);
  // Places of tiles that are lacking hold what each variant likes.
  memset(got, 0, 4 * planes_count);
  memset(expected, 0, 4 * planes_count);
  snn_f32_winograd_window(isa, m, groups, group_count, image, width, (ptrdiff_t)plane, 2, &layout, got);
  snn_f32_winograd_window(SNN_ISA_SCALAR, m, groups, group_count, image, width, (ptrdiff_t)plane, 2, &layout, expected);
  for (size_t i = 0; i < planes_count; ++i) {
    if (i % whole >= tile_count) got[i] = expected[i] = 0;
  }
  compare("snn_f32_winograd_window", got, expected, planes_count, 1e-4f);
  for (int has_residual = 0; has_residual < 2; ++has_residual) {
    float *output = numbers(image_count), *same = numbers(image_count);
    const float bias[2] = {0.25f, -0.5f};
    const struct snn_f32_epilogue epilogue = {bias, has_residual ? image : NULL, -3, 4};
    snn_f32_winograd_output(
        isa, m, tiles, tile_count, got, &layout, 2, &epilogue, output, width, (ptrdiff_t)plane);
    snn_f32_winograd_output(
        SNN_ISA_SCALAR, m, tiles, tile_count, got, &layout, 2, &epilogue, same, width, (ptrdiff_t)plane);
    compare("snn_f32_winograd_output", output, same, image_count, 1e-3f);
    release(output, image_count);
    release(same, image_count);
  }
  release(image, image_count);
  release(got, planes_count);
  release(expected, planes_count);
}

int main(void) {
  static const char *const names[] = {"scalar", "neon", "avx2", "avx512"};
  const enum snn_isa isa = snn_cpu_isa();
  if (isa == SNN_ISA_SCALAR) {
    puts("this processor has plain C only");
    return 1;
  }
  check_spmm(isa);
  check_sddmm(isa);
  check_lanes(isa);
  for (int m = 2; m <= 4; m += 2) {
    for (int width = 1; width <= 19; width += 3) check_winograd(isa, m, 7, width);
    check_winograd(isa, m, 16, 32);
  }
  printf("cross-check: %ld calls of %s agree with plain C\n", call_count, names[isa]);
}
