#ifndef ALLOCATOR_H
#define ALLOCATOR_H

#include <stdbool.h>
#include <stdint.h>

/// Whether this program's allocations can be counted: with the GNU C library, whose own functions stay reachable
/// under other names.
bool allocation_counter_is_available(void);

/// Counts the allocations of all threads from now on.
///
/// Returns what `allocation_counter_stop` takes. Several may count at the same time.
uint64_t allocation_counter_start(void);

/// Stops counting, once for each start.
///
/// Returns the allocations since the start.
uint64_t allocation_counter_stop(uint64_t start);

/// Gives memory that the program has freed, and the C library keeps for later, back to the system where it can.
void allocator_release_free_memory(void);

#endif
