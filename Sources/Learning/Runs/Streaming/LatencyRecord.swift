import Glibc

/// Any number of spans of time, of which quantiles are told to 1 %.
struct LatencyRecord: Sendable {
    private(set) var count = 0
    private(set) var worst = Duration.zero
    /// By the logarithm, from a microsecond on.
    private var counts: [Int] = []
    private static let ratio = 1.01

    mutating func add(_ latency: Duration) {
        count += 1
        worst = max(worst, latency)
        let place = Int((log(max(latency.milliseconds * 1000, 1)) / log(Self.ratio)).rounded())
        if place >= counts.count { counts += [Int](repeating: 0, count: place + 1 - counts.count) }
        counts[place] += 1
    }

    /// In milliseconds; 0 of none.
    ///
    /// - Parameter share: of the spans that are no longer, 0…1.
    func quantile(_ share: Double) -> Double {
        var missing = max(1, Int((share * Double(count)).rounded(.up)))
        for (place, count) in counts.enumerated() {
            missing -= count
            if missing <= 0 { return min(pow(Self.ratio, Double(place)) / 1000, worst.milliseconds) }
        }
        return 0
    }
}

extension Duration {
    var milliseconds: Double { Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15 }
}
