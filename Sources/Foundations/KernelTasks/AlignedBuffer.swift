/// A fixed number of elements on cache-line boundaries, with value semantics.
///
/// Copies share storage until one of them is written to.
public struct AlignedBuffer<Element: BitwiseCopyable & Sendable>: Sendable {
    private var storage: AlignedStorage<Element>

    /// A buffer filled with one value.
    public init(repeating value: Element, count: Int) {
        storage = AlignedStorage(repeating: value, count: count)
    }

    /// A buffer with the elements of an array.
    public init(_ elements: [Element]) {
        storage = AlignedStorage(count: elements.count)
        elements.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { storage.base.initialize(from: base, count: source.count) }
        }
    }

    public var count: Int { storage.count }

    public subscript(index: Int) -> Element {
        get { view[index] }
        set { mutableView()[index] = newValue }
    }

    public var array: [Element] { Array(UnsafeBufferPointer(start: storage.base, count: count)) }

    /// The elements, to read from anywhere: a later change of the buffer does not reach a view that is there already.
    public var view: BufferView<Element> { BufferView(storage, storage.base, count: count) }

    /// The elements, to write to. What is written through a view is in the buffer until the buffer is next written to in
    /// another way, or copied and then written to: take a view, write, and let it go.
    public mutating func mutableView() -> MutableBufferView<Element> {
        if !isKnownUniquelyReferenced(&storage) {
            let copy = AlignedStorage<Element>(count: storage.count)
            copy.base.initialize(from: storage.base, count: storage.count)
            storage = copy
        }
        return MutableBufferView(storage, storage.base, count: count)
    }

    /// ``view``'s pointer, for kernels. Valid while this value is alive: keep it so with `withExtendedLifetime`.
    package var base: UnsafePointer<Element> { UnsafePointer(storage.base) }

    /// ``mutableView()``'s pointer, likewise.
    package mutating func mutableBase() -> UnsafeMutablePointer<Element> { mutableView().pointer }

    /// A buffer of another size. The contents are not kept.
    public mutating func resize(to count: Int) where Element: AdditiveArithmetic {
        if count != self.count { self = AlignedBuffer(repeating: .zero, count: count) }
    }
}

extension AlignedBuffer: Equatable where Element: Equatable {
    public static func == (left: Self, right: Self) -> Bool {
        let (left, right) = (left.view, right.view)
        return left.count == right.count && left.indices.allSatisfy { left[$0] == right[$0] }
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
