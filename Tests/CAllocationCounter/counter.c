#define _GNU_SOURCE
#include "CAllocationCounter.h"

// Any header of the C library, so that __GLIBC__ is defined below.
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(SANITIZED)
#include <errno.h>
#include <link.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);

enum { MAX_RANGES = 64 };

static struct {
  uintptr_t begin, end;
} ranges[MAX_RANGES];
static int range_count;
static _Thread_local bool watching;
static atomic_long ours, theirs;

static const char *const libraries[] = {"openblas", "cholmod",  "cxsparse",   "graphblas", "gomp",  "suitesparse",
                                        "amd.so",   "colamd",   "camd",       "ccolamd",   "metis", "lapack",
                                        "libblas",  "gfortran", "quadmath"};

static int add_ranges(struct dl_phdr_info *info, size_t size, void *unused) {
  (void)size;
  (void)unused;
  for (size_t i = 0; i < sizeof libraries / sizeof *libraries; ++i) {
    if (!strstr(info->dlpi_name, libraries[i])) continue;
    for (int p = 0; p < info->dlpi_phnum && range_count < MAX_RANGES; ++p) {
      const ElfW(Phdr) *header = &info->dlpi_phdr[p];
      if (header->p_type != PT_LOAD || !(header->p_flags & PF_X)) continue;
      ranges[range_count].begin = info->dlpi_addr + header->p_vaddr;
      ranges[range_count].end = ranges[range_count].begin + header->p_memsz;
      ++range_count;
    }
    break;
  }
  return 0;
}

static void count(const void *caller) {
  if (!watching) return;
  uintptr_t address = (uintptr_t)caller;
  for (int i = 0; i < range_count; ++i) {
    if (address >= ranges[i].begin && address < ranges[i].end) {
      atomic_fetch_add_explicit(&theirs, 1, memory_order_relaxed);
      return;
    }
  }
  atomic_fetch_add_explicit(&ours, 1, memory_order_relaxed);
}

static _Thread_local bool measuring;
static _Thread_local long live, peak;

static long byte_count(void *block) { return block ? (long)malloc_usable_size(block) : 0; }

static void *gained(void *block) {
  if (!measuring) return block;
  live += byte_count(block);
  if (live > peak) peak = live;
  return block;
}

void *malloc(size_t size) {
  count(__builtin_return_address(0));
  return gained(__libc_malloc(size));
}

void *calloc(size_t number, size_t size) {
  count(__builtin_return_address(0));
  return gained(__libc_calloc(number, size));
}

void *realloc(void *block, size_t size) {
  count(__builtin_return_address(0));
  if (!measuring) return __libc_realloc(block, size);
  long before = byte_count(block);
  uintptr_t address = (uintptr_t)block;
  void *result = __libc_realloc(block, size);
  // A block that could not grow in its place stays until it is copied; one that could not grow at all stays.
  bool is_in_place = (uintptr_t)result == address;
  if (is_in_place) live -= before;
  gained(result);
  if (!is_in_place && (result || size == 0)) live -= before;
  return result;
}

int posix_memalign(void **block, size_t alignment, size_t size) {
  count(__builtin_return_address(0));
  if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) return EINVAL;
  void *address = gained(__libc_memalign(alignment, size));
  if (!address) return ENOMEM;
  *block = address;
  return 0;
}

void *aligned_alloc(size_t alignment, size_t size) {
  count(__builtin_return_address(0));
  return gained(__libc_memalign(alignment, size));
}

void free(void *block) {
  if (measuring) live -= byte_count(block);
  __libc_free(block);
}

bool snn_allocation_counter_is_active(void) { return true; }

void snn_allocation_counter_reset(void) {
  range_count = 0;
  dl_iterate_phdr(add_ranges, NULL);
  atomic_store(&ours, 0);
  atomic_store(&theirs, 0);
}

void snn_allocation_counter_watch_thread(bool watch) { watching = watch; }

long snn_allocation_counter_ours(void) { return atomic_load(&ours); }

long snn_allocation_counter_theirs(void) { return atomic_load(&theirs); }

void snn_allocation_counter_begin_peak(void) {
  live = peak = 0;
  measuring = true;
}

long snn_allocation_counter_end_peak(void) {
  measuring = false;
  return peak;
}

#else

bool snn_allocation_counter_is_active(void) { return false; }
void snn_allocation_counter_reset(void) {}
void snn_allocation_counter_watch_thread(bool watch) { (void)watch; }
long snn_allocation_counter_ours(void) { return 0; }
long snn_allocation_counter_theirs(void) { return 0; }
void snn_allocation_counter_begin_peak(void) {}
long snn_allocation_counter_end_peak(void) { return 0; }

#endif
