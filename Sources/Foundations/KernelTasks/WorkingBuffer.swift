/// Working memory on cache-line boundaries: threads write to it at the same time, each to parts of its own.
///
/// A reference: copies are the same memory, until one of them is given another size.
public struct WorkingBuffer<Element: BitwiseCopyable & Sendable & AdditiveArithmetic>: Sendable {
    private var storage: AlignedStorage<Element>

    /// A buffer of zeros.
    public init(count: Int = 0) { storage = AlignedStorage(repeating: .zero, count: count) }

    public var count: Int { storage.count }

    public subscript(index: Int) -> Element { view[index] }

    public var array: [Element] { view.view.array }

    /// Another size, where it is not this one already. The contents are then zeros.
    public mutating func resize(to count: Int) {
        if count != self.count { self = WorkingBuffer(count: count) }
    }

    /// At least this size.
    public mutating func reserve(_ count: Int) { resize(to: max(count, self.count)) }

    /// The elements, to write to.
    public var view: MutableBufferView<Element> {
        MutableBufferView(storage, storage.base, count: count)
    }

    /// One of the equal parts of the buffer.
    public func part(_ index: Int, size: Int) -> MutableBufferView<Element> {
        view.part(index, size: size)
    }
}
