import KernelTasks

/// An amplitude, or an entry of an instrument, of each neuron of a group.
///
/// The general kernels are written once over this protocol, for complex numbers and for the real ones of
/// circuits that are real in the gauge (−i)^{ones}.
protocol Amplitude {
    associatedtype Vector: Lanes
    /// Registers of one amplitude.
    static var partCount: Int { get }
    static var zero: Self { get }
    static var one: Self { get }

    /// Parts lie `stride` elements apart.
    static func load(_ address: UnsafePointer<Vector.Real>, stride: Int) -> Self
    func store(_ address: UnsafeMutablePointer<Vector.Real>, stride: Int)

    static func + (left: Self, right: Self) -> Self
    static func - (left: Self, right: Self) -> Self
    /// `left · right`
    static func * (left: Self, right: Self) -> Self
    func scaled(by factor: Vector) -> Self
    /// `self* · right`
    func conjugateTimes(_ right: Self) -> Self
    /// Re(self* · right)
    func overlap(_ right: Self) -> Vector
    /// `self` where the mask is set, `other` elsewhere.
    func select(where mask: Vector.Bits, otherwise other: Self) -> Self
    /// `self` where the mask is set, 0 elsewhere.
    func keep(where mask: Vector.Bits) -> Self
}

/// A number in the gauge (−i)^{ones}.
struct RealAmplitude<Vector: Lanes>: Amplitude {
    var value: Vector

    @inline(__always) static var partCount: Int { 1 }
    @inline(__always) static var zero: Self { Self(value: Vector(all: 0)) }
    @inline(__always) static var one: Self { Self(value: Vector(all: 1)) }

    @inline(__always) static func load(_ address: UnsafePointer<Vector.Real>, stride: Int) -> Self {
        Self(value: Vector.load(address))
    }
    @inline(__always) func store(_ address: UnsafeMutablePointer<Vector.Real>, stride: Int) {
        value.store(address)
    }

    @inline(__always) static func + (left: Self, right: Self) -> Self {
        Self(value: left.value + right.value)
    }
    @inline(__always) static func - (left: Self, right: Self) -> Self {
        Self(value: left.value - right.value)
    }
    @inline(__always) static func * (left: Self, right: Self) -> Self {
        Self(value: left.value * right.value)
    }
    @inline(__always) func scaled(by factor: Vector) -> Self { Self(value: value * factor) }
    @inline(__always) func conjugateTimes(_ right: Self) -> Self { self * right }
    @inline(__always) func overlap(_ right: Self) -> Vector { value * right.value }
    @inline(__always) func select(where mask: Vector.Bits, otherwise other: Self) -> Self {
        Self(value: value.select(where: mask, otherwise: other.value))
    }
    @inline(__always) func keep(where mask: Vector.Bits) -> Self { Self(value: value.keep(where: mask)) }
}

struct ComplexAmplitude<Vector: Lanes>: Amplitude {
    var real: Vector
    var imaginary: Vector

    @inline(__always) static var partCount: Int { 2 }
    @inline(__always) static var zero: Self { Self(real: Vector(all: 0), imaginary: Vector(all: 0)) }
    @inline(__always) static var one: Self { Self(real: Vector(all: 1), imaginary: Vector(all: 0)) }

    @inline(__always) static func load(_ address: UnsafePointer<Vector.Real>, stride: Int) -> Self {
        Self(real: Vector.load(address), imaginary: Vector.load(address + stride))
    }
    @inline(__always) func store(_ address: UnsafeMutablePointer<Vector.Real>, stride: Int) {
        real.store(address)
        imaginary.store(address + stride)
    }

    @inline(__always) static func + (left: Self, right: Self) -> Self {
        Self(real: left.real + right.real, imaginary: left.imaginary + right.imaginary)
    }
    @inline(__always) static func - (left: Self, right: Self) -> Self {
        Self(real: left.real - right.real, imaginary: left.imaginary - right.imaginary)
    }
    @inline(__always) static func * (left: Self, right: Self) -> Self {
        Self(
            real: left.real * right.real - left.imaginary * right.imaginary,
            imaginary: left.real * right.imaginary + left.imaginary * right.real)
    }
    @inline(__always) func scaled(by factor: Vector) -> Self {
        Self(real: real * factor, imaginary: imaginary * factor)
    }
    @inline(__always) func conjugateTimes(_ right: Self) -> Self {
        Self(
            real: real * right.real + imaginary * right.imaginary,
            imaginary: real * right.imaginary - imaginary * right.real)
    }
    @inline(__always) func overlap(_ right: Self) -> Vector {
        real * right.real + imaginary * right.imaginary
    }
    @inline(__always) func select(where mask: Vector.Bits, otherwise other: Self) -> Self {
        Self(
            real: real.select(where: mask, otherwise: other.real),
            imaginary: imaginary.select(where: mask, otherwise: other.imaginary))
    }
    @inline(__always) func keep(where mask: Vector.Bits) -> Self {
        Self(real: real.keep(where: mask), imaginary: imaginary.keep(where: mask))
    }
}

/// Amplitudes of one neuron group, one after the other in working memory.
struct AmplitudeLanes<Number: Amplitude> {
    let base: UnsafeMutablePointer<Number.Vector.Real>

    @inline(__always) func advanced(by count: Int) -> Self {
        Self(base: base + count &* Number.partCount &* Number.Vector.width)
    }

    @inline(__always) subscript(index: Int) -> Number {
        get {
            Number.load(
                base + index &* Number.partCount &* Number.Vector.width, stride: Number.Vector.width)
        }
        nonmutating set {
            newValue.store(
                base + index &* Number.partCount &* Number.Vector.width, stride: Number.Vector.width)
        }
    }

    /// Σ |amplitude|² of the first ones.
    @inline(__always) func squaredLength(_ count: Int) -> Number.Vector {
        var sum = self[0].overlap(self[0])
        var index = 1
        while index < count {
            sum = sum + self[index].overlap(self[index])
            index &+= 1
        }
        return sum
    }
}

/// Real numbers of one neuron group, one after the other in working memory.
struct RealLanes<Vector: Lanes> {
    let base: UnsafeMutablePointer<Vector.Real>

    @inline(__always) subscript(index: Int) -> Vector {
        get { Vector.load(base + index &* Vector.width) }
        nonmutating set { newValue.store(base + index &* Vector.width) }
    }
}
