/// A clock of 32 bits that wraps, as time that grows on.
struct WrappingClock {
    private var last: UInt32?
    /// What it has wrapped by.
    private var elapsed: Int64 = 0

    /// The time of the next reading. A step back by more than half of the clock's range is a step ahead.
    mutating func time(_ reading: UInt32) -> Int64 {
        if let last, last > reading, last - reading > 1 << 31 { elapsed += 1 << 32 }
        last = reading
        return elapsed + Int64(reading)
    }
}
