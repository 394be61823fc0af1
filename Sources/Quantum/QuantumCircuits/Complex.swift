/// A complex number in double precision.
public struct Complex: Hashable, Sendable {
    public var real: Double
    public var imaginary: Double

    @inlinable
    public init(_ real: Double, _ imaginary: Double = 0) {
        self.real = real
        self.imaginary = imaginary
    }

    public static let zero = Complex(0)
    public static let one = Complex(1)
    /// The imaginary unit.
    public static let i = Complex(0, 1)

    @inlinable
    public var conjugate: Complex { Complex(real, -imaginary) }

    /// |z|².
    @inlinable
    public var squaredMagnitude: Double { real * real + imaginary * imaginary }

    @inlinable
    public static prefix func - (operand: Complex) -> Complex { Complex(-operand.real, -operand.imaginary) }

    @inlinable
    public static func + (left: Complex, right: Complex) -> Complex {
        Complex(left.real + right.real, left.imaginary + right.imaginary)
    }

    @inlinable
    public static func - (left: Complex, right: Complex) -> Complex {
        Complex(left.real - right.real, left.imaginary - right.imaginary)
    }

    @inlinable
    public static func * (left: Complex, right: Complex) -> Complex {
        Complex(
            left.real * right.real - left.imaginary * right.imaginary,
            left.real * right.imaginary + left.imaginary * right.real)
    }

    @inlinable
    public static func * (scale: Double, operand: Complex) -> Complex {
        Complex(scale * operand.real, scale * operand.imaginary)
    }

    @inlinable
    public static func += (left: inout Complex, right: Complex) { left = left + right }
}
