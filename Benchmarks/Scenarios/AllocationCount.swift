import CAllocator

/// Counts the memory allocations of all threads of this process.
enum AllocationCount {
    /// Whether this system lets allocations be counted.
    static var isAvailable: Bool { allocation_counter_is_available() }

    /// - Returns: what ``stop(_:)`` takes.
    static func start() -> UInt64 { allocation_counter_start() }

    /// - Returns: allocations since the start.
    static func stop(_ start: UInt64) -> Int { Int(truncatingIfNeeded: allocation_counter_stop(start)) }
}
