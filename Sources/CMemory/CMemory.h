#pragma once
#include <malloc.h>

/// Keeps what one invocation of a function frees for the next one, mallopt(3).
///
/// Nobody else can use the memory of a function: what is handed back to the system between invocations only costs page faults when the
/// next one comes, a third of the processor time of a large batch. Threads share one heap, so that each finds what another has freed.
///
/// To be called before there are threads; where a value is refused, the allocator goes on as it is.
static inline void keep_memory_between_invocations(void) {
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
}
