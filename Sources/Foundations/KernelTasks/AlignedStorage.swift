/// Memory on cache-line boundaries.
///
/// Vector loads that cross a cache line cost about twice, and Swift's arrays begin 32 bytes into their
/// allocation; hence memory of our own.
final class AlignedStorage<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    // Who may write when is the affair of the buffer that holds it: ``AlignedBuffer`` writes only to what it alone holds,
    // ``WorkingBuffer`` is shared by those who have agreed on their parts.
    let base: UnsafeMutablePointer<Element>
    let count: Int
    private let allocation: UnsafeMutableRawPointer

    // Aligned here, within a block of malloc's own alignment: the aligned allocations of the GNU C library before 2.38 do not
    // take the blocks again that they gave back (its bug 14581), so that working memory made anew each epoch grew without end.
    init(count: Int) {
        precondition(count >= 0)
        self.count = count
        let alignment = 64
        let bytes = (max(count, 1) * MemoryLayout<Element>.stride + alignment - 1) / alignment * alignment
        allocation = .allocate(
            byteCount: bytes + alignment, alignment: MemoryLayout<Int>.alignment)
        base = allocation.alignedUp(toMultipleOf: alignment)
            .bindMemory(to: Element.self, capacity: count)
    }

    convenience init(repeating value: Element, count: Int) {
        self.init(count: count)
        base.initialize(repeating: value, count: count)
    }

    deinit { allocation.deallocate() }
}
