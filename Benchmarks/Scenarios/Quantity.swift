import Files

/// Numbers as the tables write them: three digits and a prefix.
public enum Quantity {
    private static let prefixes = [(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")]

    /// `1.23 G`, `45.6`.
    public static func text(_ value: Double) -> String {
        // The number as it will be rounded decides the prefix: 999,900 is 1 M.
        let scale = prefixes.first { value.magnitude >= 0.9995 * $0.0 } ?? (1, "")
        return digits(value / scale.0) + scale.1
    }

    /// `12.3 ms`.
    public static func seconds(_ value: Double) -> String {
        let units = [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")]
        let unit = units.first { value >= 0.9995 * $0.0 } ?? (1e-9, "ns")
        return digits(value / unit.0) + " " + unit.1
    }

    /// `68 %`.
    public static func percent(_ fraction: Double) -> String { String(printf: "%.0f %%", 100 * fraction) }

    /// `2 threads`.
    static func threads(_ count: Int) -> String { "\(count) thread\(count == 1 ? "" : "s")" }

    /// `123 MB`, of a million bytes each.
    public static func megabytes(_ bytes: Int) -> String { String(printf: "%.0f MB", Double(bytes) / 1e6) }

    private static func digits(_ value: Double) -> String {
        if value == value.rounded(), value < 1000 { return String(printf: "%.0f", value) }
        let places = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
        return String(printf: "%.*f", places, value)
    }
}
