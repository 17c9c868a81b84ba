// Counts the heap allocations of chosen threads, and the bytes they hold, by standing before malloc and its relatives.
//
// Linking this target replaces malloc, calloc, realloc, posix_memalign, aligned_alloc and free in the test binary by
// functions that count and then call glibc's own. Calls whose return address lies in one of the C libraries that we
// compute with are set aside: what they allocate is theirs.
#pragma once

#include <stdbool.h>

/// Whether this build counts: on glibc, and not under a sanitizer, which has an allocator of its own.
bool snn_allocation_counter_is_active(void);

/// Sets both counts to zero and finds out where the C libraries lie. No thread is being watched.
void snn_allocation_counter_reset(void);

/// Begins or ends counting on the calling thread.
void snn_allocation_counter_watch_thread(bool watch);

/// Allocations of the watched threads by code outside the C libraries, since the last reset.
long snn_allocation_counter_ours(void);

/// Allocations of the watched threads by the C libraries, since the last reset.
long snn_allocation_counter_theirs(void);

/// Begins to follow, from zero, how many bytes the calling thread has allocated and not freed, whichever code does it.
void snn_allocation_counter_begin_peak(void);

/// Ends that and returns the most bytes that were held at once. A block counts with what the allocator rounds its size
/// up to; one from before the beginning that is freed in between counts as less than nothing.
long snn_allocation_counter_end_peak(void);
