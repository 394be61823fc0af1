/// A span of time as texts have it: `25ms`, `1.5s`, `300us`; a number alone is in microseconds.
public struct TimeSpan: Sendable, Hashable, CustomStringConvertible {
    public var microseconds: Int64

    /// Up to eleven days.
    private static let limit = 1e12

    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// - Parameter text: nil where it is none, or longer than eleven days.
    public init?(_ text: some StringProtocol) {
        let unit = text.drop { $0.isNumber || $0 == "." }
        guard let factor = ["": 1.0, "us": 1, "ms": 1e3, "s": 1e6][String(unit)],
            let number = Double(text.dropLast(unit.count)), number >= 0, number * factor <= Self.limit
        else { return nil }
        microseconds = Int64((number * factor).rounded())
    }

    public var description: String {
        switch microseconds {
        case let time where time >= 1_000_000 && time % 1_000_000 == 0: "\(time / 1_000_000)s"
        case let time where time >= 1000 && time % 1000 == 0: "\(time / 1000)ms"
        case let time: "\(time)us"
        }
    }
}

/// Numbers of pixels in a text.
func pixelCount(_ text: some StringProtocol) -> Int? {
    guard text.allSatisfy(\.isNumber), let number = Int(text), number <= 65_536 else { return nil }
    return number
}

/// A probability in a text.
func probability(_ text: some StringProtocol) -> Double? {
    guard let number = Double(text), (0...1).contains(number) else { return nil }
    return number
}
