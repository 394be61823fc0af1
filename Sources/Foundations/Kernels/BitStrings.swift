/// Words as a string of bits, such as the spikes of a row.
extension UnsafePointer<UInt64> {
    /// At most 64 neighbouring bits, of words that lie `stride` apart.
    @inline(__always)
    func bits(_ first: Int, _ count: Int, stride: Int) -> UInt64 {
        let (word, shift) = (first &>> 6, first & 63)
        var bits = self[word &* stride] &>> UInt64(shift)
        if shift &+ count > 64 { bits |= self[(word &+ 1) &* stride] &<< UInt64(64 &- shift) }
        return bits & (~0 &>> UInt64(64 &- count))
    }
}

extension UnsafeMutablePointer<UInt64> {
    /// Sets neighbouring bits that were 0.
    @inline(__always)
    func set(_ bits: UInt64, at first: Int, _ count: Int) {
        let (word, shift) = (first &>> 6, first & 63)
        self[word] |= bits &<< UInt64(shift)
        if shift &+ count > 64 { self[word &+ 1] |= bits &>> UInt64(64 &- shift) }
    }
}
