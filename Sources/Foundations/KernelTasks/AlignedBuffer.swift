/// A fixed number of elements on cache-line boundaries, with value semantics.
///
/// Vector loads that cross a cache line cost about twice, and Swift's arrays begin 32 bytes into their
/// allocation; hence a buffer of our own. Copies share storage until one of them is written to.
public struct AlignedBuffer<Element: BitwiseCopyable & Sendable>: Sendable {
    public static var alignment: Int { 64 }

    // The storage is shared only between values that do not write to it: every write goes through
    // `mutableBase()`, which takes a private copy first where the storage is shared.
    final class Storage: @unchecked Sendable {
        let base: UnsafeMutablePointer<Element>
        let count: Int
        private let allocation: UnsafeMutableRawPointer

        // Aligned here, within a block of malloc's own alignment: the aligned allocations of the GNU C library before 2.38 do not
        // take the blocks again that they gave back (its bug 14581), so that working memory made anew each epoch grew without end.
        init(count: Int) {
            self.count = count
            let alignment = AlignedBuffer.alignment
            let bytes = (max(count, 1) * MemoryLayout<Element>.stride + alignment - 1) / alignment * alignment
            allocation = .allocate(
                byteCount: bytes + alignment, alignment: MemoryLayout<Int>.alignment)
            base = allocation.alignedUp(toMultipleOf: alignment)
                .bindMemory(to: Element.self, capacity: count)
        }

        deinit { allocation.deallocate() }
    }

    private var storage: Storage

    /// A buffer filled with one value.
    public init(repeating value: Element, count: Int) {
        precondition(count >= 0)
        storage = Storage(count: count)
        storage.base.initialize(repeating: value, count: count)
    }

    /// A buffer with the elements of an array.
    public init(_ elements: [Element]) {
        storage = Storage(count: elements.count)
        elements.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { storage.base.initialize(from: base, count: source.count) }
        }
    }

    public var count: Int { storage.count }

    public subscript(index: Int) -> Element {
        get {
            precondition((0..<count).contains(index))
            return storage.base[index]
        }
        set {
            precondition((0..<count).contains(index))
            mutableBase()[index] = newValue
        }
    }

    public var array: [Element] { Array(UnsafeBufferPointer(start: storage.base, count: count)) }

    /// The elements, for a kernel. Valid while this value is alive: keep it so with
    /// `withExtendedLifetime`.
    public var base: UnsafePointer<Element> { UnsafePointer(storage.base) }

    /// The elements, for a kernel to write to. Valid while this value is alive and not copied.
    public mutating func mutableBase() -> UnsafeMutablePointer<Element> {
        if !isKnownUniquelyReferenced(&storage) {
            let copy = Storage(count: storage.count)
            copy.base.initialize(from: storage.base, count: storage.count)
            storage = copy
        }
        return storage.base
    }

    /// A buffer of another size. The contents are not kept.
    public mutating func resize(to count: Int) where Element: AdditiveArithmetic {
        if count != self.count { self = AlignedBuffer(repeating: .zero, count: count) }
    }
}

extension AlignedBuffer: Equatable where Element: Equatable {
    public static func == (left: Self, right: Self) -> Bool {
        left.count == right.count && (0..<left.count).allSatisfy { left.base[$0] == right.base[$0] }
    }
}

extension AlignedBuffer {
    /// Reads the elements as a contiguous buffer.
    public func withUnsafeBufferPointer<Result>(
        _ body: (UnsafeBufferPointer<Element>) throws -> Result
    ) rethrows -> Result {
        try withExtendedLifetime(storage) {
            try body(UnsafeBufferPointer(start: storage.base, count: storage.count))
        }
    }
}
