/// Working memory on cache-line boundaries: threads write to it at the same time, each to parts of its own.
///
/// A reference: copies are the same memory, until one of them is given another size.
@frozen
public struct WorkingBuffer<Element: BitwiseCopyable & Sendable & AdditiveArithmetic>: Sendable {
    @usableFromInline var storage: AlignedStorage<Element>

    /// A buffer of zeros.
    @inlinable public init(count: Int = 0) { storage = AlignedStorage(repeating: .zero, count: count) }

    @inlinable public var count: Int { storage.count }

    @inlinable public subscript(index: Int) -> Element { view[index] }

    @inlinable public var array: [Element] { view.view.array }

    /// Another size, where it is not this one already. The contents are then zeros.
    @inlinable public mutating func resize(to count: Int) {
        if count != self.count { self = WorkingBuffer(count: count) }
    }

    /// At least this size.
    @inlinable public mutating func reserve(_ count: Int) { resize(to: max(count, self.count)) }

    /// The elements, to write to.
    @inlinable public var view: MutableBufferView<Element> {
        MutableBufferView(storage, storage.base, count: count)
    }

    /// One of the equal parts of the buffer.
    @inlinable public func part(_ index: Int, size: Int) -> MutableBufferView<Element> {
        view.part(index, size: size)
    }
}
