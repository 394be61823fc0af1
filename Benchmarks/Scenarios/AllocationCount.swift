import CAllocator

/// Counts the memory allocations of all threads of this process.
enum AllocationCount {
    /// Whether this system lets allocations be counted.
    static var isAvailable: Bool { allocation_counter_is_available() }

    static func start() { allocation_counter_start() }

    /// - Returns: allocations since ``start()``.
    static func stop() -> Int { Int(truncatingIfNeeded: allocation_counter_stop()) }
}
