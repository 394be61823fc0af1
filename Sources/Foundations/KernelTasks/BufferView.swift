/// Elements of a buffer, or of a part of it, with their bounds; keeps the memory alive.
///
/// What travels between modules in place of a pointer. Taking a part checks the bounds; ``pointer`` is for the kernels and
/// the engines that call them, which have checked the size of what they take.
@frozen
public struct BufferView<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    // Sharing is sound because nothing writes to the memory of a view: a buffer copies what others see before it writes, and
    // working memory is written by one thread before another reads it.
    @usableFromInline let owner: AnyObject
    @usableFromInline let start: UnsafePointer<Element>
    public let count: Int

    @inlinable init(_ owner: AnyObject, _ start: UnsafePointer<Element>, count: Int) {
        self.owner = owner
        self.start = start
        self.count = count
    }

    @inlinable public var indices: Range<Int> { 0..<count }

    @inlinable public subscript(index: Int) -> Element {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "the element is in the view")
        return start[index]
    }

    /// A part.
    @inlinable public subscript(range: Range<Int>) -> BufferView {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "the part is in the view")
        return BufferView(owner, start + range.lowerBound, count: range.count)
    }

    /// Everything from an element on.
    @inlinable public subscript(range: PartialRangeFrom<Int>) -> BufferView { self[range.lowerBound..<count] }

    /// One of the equal parts of the view.
    @inlinable public func part(_ index: Int, size: Int) -> BufferView {
        self[index * size..<(index + 1) * size]
    }

    @inlinable public var array: [Element] { Array(UnsafeBufferPointer(start: start, count: count)) }

    /// The first element, while a view of the memory is alive.
    @inlinable public var pointer: UnsafePointer<Element> { start }
}

/// Elements that are written to, each by one thread at a time.
@frozen
public struct MutableBufferView<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    // Sharing is sound because threads share out the elements: every loop that captures a view gives each index a part of
    // its own.
    @usableFromInline let owner: AnyObject
    @usableFromInline let start: UnsafeMutablePointer<Element>
    public let count: Int

    @inlinable init(_ owner: AnyObject, _ start: UnsafeMutablePointer<Element>, count: Int) {
        self.owner = owner
        self.start = start
        self.count = count
    }

    @inlinable public var indices: Range<Int> { 0..<count }

    @inlinable public subscript(index: Int) -> Element {
        get {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "the element is in the view")
            return start[index]
        }
        nonmutating set {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "the element is in the view")
            start[index] = newValue
        }
    }

    @inlinable public subscript(range: Range<Int>) -> MutableBufferView {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "the part is in the view")
        return MutableBufferView(owner, start + range.lowerBound, count: range.count)
    }

    @inlinable public subscript(range: PartialRangeFrom<Int>) -> MutableBufferView {
        self[range.lowerBound..<count]
    }

    /// One of the equal parts of the view.
    @inlinable public func part(_ index: Int, size: Int) -> MutableBufferView {
        self[index * size..<(index + 1) * size]
    }

    /// The same elements, to read.
    @inlinable public var view: BufferView<Element> { BufferView(owner, start, count: count) }

    @inlinable public func fill(with value: Element) { start.update(repeating: value, count: count) }

    @inlinable public func copy(_ source: BufferView<Element>) {
        precondition(source.count == count, "as many elements are copied")
        start.update(from: source.pointer, count: count)
    }

    /// The first element, while a view of the memory is alive.
    @inlinable public var pointer: UnsafeMutablePointer<Element> { start }
}

extension MutableBufferView where Element: AdditiveArithmetic {
    /// Adds other elements, each to the one at its place.
    @inlinable @inline(__always)
    public func add(_ source: BufferView<Element>) {
        precondition(source.count == count, "as many elements are added")
        for index in 0..<count { start[index] += source.pointer[index] }
    }
}

extension BufferView where Element == Float {
    /// Sixteen neighbours: the numbers of sixteen neurons of a tile.
    @inlinable public subscript(lanes first: Int) -> SIMD16<Float> {
        precondition(first >= 0 && first + 16 <= count, "the elements are in the view")
        return UnsafeRawPointer(start + first).loadUnaligned(as: SIMD16<Float>.self)
    }
}

extension MutableBufferView where Element == Float {
    /// Sixteen neighbours: the numbers of sixteen neurons of a tile.
    @inlinable public subscript(lanes first: Int) -> SIMD16<Float> {
        get { view[lanes: first] }
        nonmutating set {
            precondition(first >= 0 && first + 16 <= count, "the elements are in the view")
            UnsafeMutableRawPointer(start + first).storeBytes(of: newValue, as: SIMD16<Float>.self)
        }
    }
}

/// Keeps nothing alive: of memory that a caller lends for a call. Its elements stand for none, where there are none to point to.
private final class Lender: Sendable {
    static let any = Lender()
    static let nothing = WorkingBuffer<UInt64>(count: 8)
}

extension BufferView {
    /// Memory of a caller, who keeps it as long as the view is used.
    package init(lent elements: UnsafeBufferPointer<Element>) {
        let nothing = UnsafeRawPointer(Lender.nothing.view.pointer).assumingMemoryBound(to: Element.self)
        self.init(Lender.any, elements.baseAddress ?? nothing, count: elements.count)
    }
}

extension MutableBufferView {
    /// Memory of a caller, who keeps it as long as the view is used, and that nobody else uses.
    package init(lent elements: UnsafeMutableBufferPointer<Element>) {
        let nothing = UnsafeMutableRawPointer(Lender.nothing.view.pointer).assumingMemoryBound(
            to: Element.self)
        self.init(Lender.any, elements.baseAddress ?? nothing, count: elements.count)
    }
}
