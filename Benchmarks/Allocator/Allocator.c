#include "Allocator.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

// The allocator's entry points under their own names, so that the program and every shared library it loads (the
// Swift runtime, Dispatch) come through here; the work is done by the C library under its second names. While nobody
// counts, a call costs one load and a branch that is never taken.

// Those who count now. Tests do so at the same time, so the count goes on, and each has its own beginning.
static atomic_int counter_count;
static atomic_uint_fast64_t count;

uint64_t allocation_counter_start(void) {
    atomic_fetch_add_explicit(&counter_count, 1, memory_order_seq_cst);
    return atomic_load_explicit(&count, memory_order_relaxed);
}

uint64_t allocation_counter_stop(uint64_t start) {
    uint64_t end = atomic_load_explicit(&count, memory_order_relaxed);
    atomic_fetch_sub_explicit(&counter_count, 1, memory_order_seq_cst);
    return end - start;
}

// A sanitizer has an allocator of its own, which must see every call.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define HAS_SANITIZER
#endif
#endif

#if defined(__GLIBC__) && !defined(HAS_SANITIZER)

#include <malloc.h>

bool allocation_counter_is_available(void) { return true; }

void allocator_release_free_memory(void) { malloc_trim(0); }

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t element_count, size_t size);
extern void *__libc_realloc(void *address, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static inline void note_allocation(void) {
    if (__builtin_expect(atomic_load_explicit(&counter_count, memory_order_relaxed) > 0, 0)) {
        atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    }
}

void *malloc(size_t size) {
    note_allocation();
    return __libc_malloc(size);
}

void *calloc(size_t element_count, size_t size) {
    note_allocation();
    return __libc_calloc(element_count, size);
}

void *realloc(void *address, size_t size) {
    note_allocation();
    return __libc_realloc(address, size);
}

void *memalign(size_t alignment, size_t size) {
    note_allocation();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    note_allocation();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **address, size_t alignment, size_t size) {
    // POSIX: a power of two and a multiple of the size of a pointer; errno stays as it is.
    if (alignment == 0 || alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0) { return EINVAL; }
    note_allocation();
    const int former = errno;
    void *allocated = __libc_memalign(alignment, size);
    errno = former;
    if (allocated == NULL) { return ENOMEM; }
    *address = allocated;
    return 0;
}

#else

bool allocation_counter_is_available(void) { return false; }

void allocator_release_free_memory(void) {}

#endif
