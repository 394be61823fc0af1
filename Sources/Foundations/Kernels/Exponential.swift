import KernelTasks

extension SIMD16<Float> {
    /// exp(self) for self ≤ 0, within 2e-7 of it; below −87 as at −87.
    @inline(__always) var exponentialOfNegative: Self {
        let lowest = SIMD16<Float>(repeating: -87)
        let bounded = lowest.select(where: Self.isLess(self, lowest), otherwise: self)
        let power = bounded * SIMD16(repeating: 1.442_695_04)
        // As in the sine: the nearest integer is left in the low bits.
        let magic = SIMD16<Float>(repeating: 12_582_912)
        let shifted = power + magic
        let part = power - (shifted - magic)
        // Taylor series of 2^part, |part| ≤ 1/2.
        var series = part * SIMD16(repeating: 1.525_273_4e-5) + SIMD16(repeating: 1.540_353e-4)
        series = series * part + SIMD16(repeating: 1.333_355_8e-3)
        series = series * part + SIMD16(repeating: 9.618_129e-3)
        series = series * part + SIMD16(repeating: 5.550_411e-2)
        series = series * part + SIMD16(repeating: 0.240_226_51)
        series = series * part + SIMD16(repeating: 0.693_147_18)
        series = series * part + SIMD16(repeating: 1)
        let exponent = (shifted.bitPattern &<< 23) &+ Words(repeating: 0x3F80_0000)
        return series * unsafeBitCast(exponent, to: Self.self)
    }

    /// |self|
    @inline(__always) var magnitude: Self {
        unsafeBitCast(bitPattern & Words(repeating: 0x7FFF_FFFF), to: Self.self)
    }
}
