import KernelTasks

typealias Words = SIMD16<UInt32>
typealias Integers = SIMD16<Int32>
typealias Longs = SIMD8<UInt64>
typealias LongIntegers = SIMD8<Int64>

/// Sixteen single-precision or eight double-precision numbers in the registers of one neuron group.
///
/// The kernels are written once over this protocol. Its witnesses call the operators of the concrete
/// vector types: the standard library's generic ones are lane-by-lane loops.
protocol Lanes {
    associatedtype Real: BinaryFloatingPoint & BitwiseCopyable
    associatedtype Bits
    static var width: Int { get }

    init(all value: Real)
    static func load(_ address: UnsafePointer<Real>) -> Self
    func store(_ address: UnsafeMutablePointer<Real>)

    static func + (left: Self, right: Self) -> Self
    static func - (left: Self, right: Self) -> Self
    static func * (left: Self, right: Self) -> Self

    /// max(self, 0)
    var positivePart: Self { get }
    /// 1/self for self in [2⁻⁶⁰, 2⁶⁰], within 2 units in the last place.
    var reciprocal: Self { get }
    /// The power of two f for which f²·self lies in [1/2, 2), from the exponent of self ≥ 0.
    var scaleToUnit: Self { get }
    /// The power of two f for which f·self lies in [1, 2), for self > 0 that is neither tiny nor huge.
    var scaleToOne: Self { get }
    /// sin(π/2 · self) and cos(π/2 · self), within 2 units in the last place of 1; |self| < 2²² (single), 2⁵¹ (double).
    var sineCosineOfQuarterTurns: (sine: Self, cosine: Self) { get }
    /// `self` where the mask is set, `other` elsewhere.
    func select(where mask: Bits, otherwise other: Self) -> Self
    /// `self` where the mask is set, 0 elsewhere.
    func keep(where mask: Bits) -> Self
    static func isPositive(_ value: Self) -> Bits
    static func isLess(_ left: Self, _ right: Self) -> Bits
    /// Lane i is set where bit i is.
    static func mask(bits: UInt64) -> Bits
    static func bits(_ mask: Bits) -> UInt64
    /// Bit i of the bit pattern of lane i.
    static var laneMarks: Self { get }
    /// Uniform numbers of [0, 1) from random words, multiples of 2⁻²³.
    static func uniform(_ words: UnsafePointer<UInt32>) -> Self
}

extension Lanes {
    /// 1/self where self is a positive number of ordinary size; finite elsewhere, for a factor that is 0 there.
    @inline(__always) var safeReciprocal: Self {
        let smallest = Self(all: 0x1p-60)
        return select(where: Self.isLess(smallest, self), otherwise: Self(all: 1)).reciprocal
    }
}

extension SIMD16<Float>: Lanes {
    typealias Real = Float
    typealias Bits = SIMD16<UInt32>
    @inline(__always) static var width: Int { 16 }

    @inline(__always) init(all value: Float) { self = SIMD16(repeating: value) }

    @inline(__always) static func load(_ address: UnsafePointer<Float>) -> Self {
        UnsafeRawPointer(address).loadUnaligned(as: SIMD16<Float>.self)
    }

    @inline(__always) func store(_ address: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(address).storeBytes(of: self, as: SIMD16<Float>.self)
    }

    @inline(__always) var bitPattern: Words { unsafeBitCast(self, to: Words.self) }

    @inline(__always) var positivePart: Self {
        // A negative number has its sign bit spread over the word, and is cleared with it.
        let sign = unsafeBitCast(self, to: Integers.self) &>> 31
        return unsafeBitCast(bitPattern & ~unsafeBitCast(sign, to: Words.self), to: Self.self)
    }

    /// 1/√self for self > 0, and a finite number for 0.
    @inline(__always) var inverseSquareRoot: Self {
        var estimate = unsafeBitCast(
            Words(repeating: 0x5F37_59DF) &- (bitPattern &>> 1), to: Self.self)
        let half = self * SIMD16(repeating: 0.5)
        let threeHalves = SIMD16<Float>(repeating: 1.5)
        estimate = estimate * (threeHalves - half * estimate * estimate)
        estimate = estimate * (threeHalves - half * estimate * estimate)
        estimate = estimate * (threeHalves - half * estimate * estimate)
        return estimate
    }

    @inline(__always) var reciprocal: Self {
        let two = SIMD16<Float>(repeating: 2)
        var estimate = unsafeBitCast(Words(repeating: 0x7EF3_11C7) &- bitPattern, to: Self.self)
        estimate = estimate * (two - self * estimate)
        estimate = estimate * (two - self * estimate)
        estimate = estimate * (two - self * estimate)
        return estimate
    }

    @inline(__always) var scaleToUnit: Self {
        let exponent = Words(repeating: 190) &- (bitPattern &>> 24)
        return unsafeBitCast(exponent &<< 23, to: Self.self)
    }

    @inline(__always) var scaleToOne: Self {
        let exponent = Words(repeating: 254) &- ((bitPattern &>> 23) & Words(repeating: 255))
        return unsafeBitCast(exponent &<< 23, to: Self.self)
    }

    @inline(__always) var sineCosineOfQuarterTurns: (sine: Self, cosine: Self) {
        // Adding 1.5·2²³ rounds to the nearest integer and leaves it in the low bits.
        let magic = SIMD16<Float>(repeating: 12_582_912)
        let shifted = self + magic
        let quadrant = shifted.bitPattern
        let turn = self - (shifted - magic)
        let square = turn * turn
        var sine = square * SIMD16(repeating: 0.000_158_206_52) + SIMD16(repeating: -0.004_681_266_4)
        sine = sine * square + SIMD16(repeating: 0.079_692_58)
        sine = sine * square + SIMD16(repeating: -0.645_964_1)
        sine = sine * square + SIMD16(repeating: 1.570_796_3)
        sine = sine * turn
        var cosine = square * SIMD16(repeating: 0.000_903_629_87) + SIMD16(repeating: -0.020_860_07)
        cosine = cosine * square + SIMD16(repeating: 0.253_669_2)
        cosine = cosine * square + SIMD16(repeating: -1.233_700_5)
        cosine = cosine * square + SIMD16(repeating: 1)
        let odd = Words(repeating: 0) &- (quadrant & Words(repeating: 1))
        let sineSign = (quadrant & Words(repeating: 2)) &<< 30
        let cosineSign = ((quadrant &+ Words(repeating: 1)) & Words(repeating: 2)) &<< 30
        let turnedSine = cosine.select(where: odd, otherwise: sine)
        let turnedCosine = sine.select(where: odd, otherwise: cosine)
        return (
            unsafeBitCast(turnedSine.bitPattern ^ sineSign, to: Self.self),
            unsafeBitCast(turnedCosine.bitPattern ^ cosineSign, to: Self.self)
        )
    }

    @inline(__always) func select(where mask: Words, otherwise other: Self) -> Self {
        let difference = (bitPattern ^ other.bitPattern) & mask
        return unsafeBitCast(other.bitPattern ^ difference, to: Self.self)
    }

    @inline(__always) func keep(where mask: Words) -> Self {
        unsafeBitCast(bitPattern & mask, to: Self.self)
    }

    @inline(__always) static func isPositive(_ value: Self) -> Words {
        isLess(SIMD16(repeating: 0), value)
    }

    @inline(__always) static func isLess(_ left: Self, _ right: Self) -> Words {
        unsafeBitCast(left .< right, to: Words.self)
    }

    /// All lanes by bitwise or, in pairs.
    @inline(__always) fileprivate static func combined(_ words: Words) -> UInt32 {
        let pairs = unsafeBitCast(words, to: Longs.self)
        let upper = (pairs[0] | pairs[1]) | (pairs[2] | pairs[3])
        let lower = (pairs[4] | pairs[5]) | (pairs[6] | pairs[7])
        return UInt32(truncatingIfNeeded: (upper | lower) | (upper | lower) &>> 32)
    }

    @inline(__always) static var laneBits: Words {
        Words(
            1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
    }

    @inline(__always) static var laneMarks: Self { unsafeBitCast(laneBits, to: Self.self) }

    @inline(__always) static func mask(bits: UInt64) -> Words {
        let hit = Words(repeating: UInt32(truncatingIfNeeded: bits)) & laneBits
        return unsafeBitCast(hit .== laneBits, to: Words.self)
    }

    @inline(__always) static func bits(_ mask: Words) -> UInt64 {
        UInt64(combined(mask & laneBits))
    }

    @inline(__always) static func uniform(_ words: UnsafePointer<UInt32>) -> Self {
        let word = UnsafeRawPointer(words).loadUnaligned(as: Words.self)
        let oneToTwo = (word &>> 9) | Words(repeating: 0x3F80_0000)
        return unsafeBitCast(oneToTwo, to: Self.self) - Self(repeating: 1)
    }
}

extension SIMD8<Double>: Lanes {
    typealias Real = Double
    typealias Bits = SIMD8<UInt64>
    @inline(__always) static var width: Int { 8 }

    @inline(__always) init(all value: Double) { self = SIMD8(repeating: value) }

    @inline(__always) static func load(_ address: UnsafePointer<Double>) -> Self {
        UnsafeRawPointer(address).loadUnaligned(as: SIMD8<Double>.self)
    }

    @inline(__always) func store(_ address: UnsafeMutablePointer<Double>) {
        UnsafeMutableRawPointer(address).storeBytes(of: self, as: SIMD8<Double>.self)
    }

    @inline(__always) var bitPattern: Longs { unsafeBitCast(self, to: Longs.self) }

    @inline(__always) var positivePart: Self {
        let sign = unsafeBitCast(self, to: LongIntegers.self) &>> 63
        return unsafeBitCast(bitPattern & ~unsafeBitCast(sign, to: Longs.self), to: Self.self)
    }

    @inline(__always) var reciprocal: Self { SIMD8(repeating: 1) / self }

    @inline(__always) var scaleToUnit: Self {
        let exponent = Longs(repeating: 1534) &- (bitPattern &>> 53)
        return unsafeBitCast(exponent &<< 52, to: Self.self)
    }

    @inline(__always) var scaleToOne: Self {
        let exponent = Longs(repeating: 2046) &- ((bitPattern &>> 52) & Longs(repeating: 2047))
        return unsafeBitCast(exponent &<< 52, to: Self.self)
    }

    @inline(__always) var sineCosineOfQuarterTurns: (sine: Self, cosine: Self) {
        let magic = SIMD8<Double>(repeating: 0x1.8p52)
        let shifted = self + magic
        let quadrant = shifted.bitPattern
        let turn = self - (shifted - magic)
        let angle = turn * SIMD8(repeating: .pi / 2)
        let square = angle * angle
        // Taylor series: on |angle| ≤ π/4 the first term left out is below 1e-17.
        var sine = SIMD8<Double>(repeating: 1)
        var cosine = SIMD8<Double>(repeating: 1)
        var order = 16.0
        while order > 0 {
            let sineFactor = SIMD8<Double>(repeating: -1 / (order * (order + 1)))
            let cosineFactor = SIMD8<Double>(repeating: -1 / (order * (order - 1)))
            sine = SIMD8(repeating: 1) + square * sineFactor * sine
            cosine = SIMD8(repeating: 1) + square * cosineFactor * cosine
            order -= 2
        }
        sine = sine * angle
        let odd = Longs(repeating: 0) &- (quadrant & Longs(repeating: 1))
        let sineSign = (quadrant & Longs(repeating: 2)) &<< 62
        let cosineSign = ((quadrant &+ Longs(repeating: 1)) & Longs(repeating: 2)) &<< 62
        let turnedSine = cosine.select(where: odd, otherwise: sine)
        let turnedCosine = sine.select(where: odd, otherwise: cosine)
        return (
            unsafeBitCast(turnedSine.bitPattern ^ sineSign, to: Self.self),
            unsafeBitCast(turnedCosine.bitPattern ^ cosineSign, to: Self.self)
        )
    }

    @inline(__always) func select(where mask: Longs, otherwise other: Self) -> Self {
        let difference = (bitPattern ^ other.bitPattern) & mask
        return unsafeBitCast(other.bitPattern ^ difference, to: Self.self)
    }

    @inline(__always) func keep(where mask: Longs) -> Self {
        unsafeBitCast(bitPattern & mask, to: Self.self)
    }

    @inline(__always) static func isPositive(_ value: Self) -> Longs {
        isLess(SIMD8(repeating: 0), value)
    }

    @inline(__always) static func isLess(_ left: Self, _ right: Self) -> Longs {
        unsafeBitCast(left .< right, to: Longs.self)
    }

    @inline(__always) static var laneBits: Longs { Longs(1, 2, 4, 8, 16, 32, 64, 128) }

    @inline(__always) static var laneMarks: Self { unsafeBitCast(laneBits, to: Self.self) }

    @inline(__always) static func mask(bits: UInt64) -> Longs {
        let hit = Longs(repeating: bits) & laneBits
        return unsafeBitCast(hit .== laneBits, to: Longs.self)
    }

    @inline(__always) static func bits(_ mask: Longs) -> UInt64 {
        let hits = unsafeBitCast(mask & laneBits, to: Words.self)
        return UInt64(SIMD16<Float>.combined(hits))
    }

    @inline(__always) static func uniform(_ words: UnsafePointer<UInt32>) -> Self {
        let word = UnsafeRawPointer(words).loadUnaligned(as: SIMD8<UInt32>.self)
        var wide = Longs()
        for lane in 0..<8 { wide[lane] = UInt64(word[lane] &>> 9) }
        let oneToTwo = (wide &<< 29) | Longs(repeating: 0x3FF0_0000_0000_0000)
        return unsafeBitCast(oneToTwo, to: Self.self) - Self(repeating: 1)
    }
}
