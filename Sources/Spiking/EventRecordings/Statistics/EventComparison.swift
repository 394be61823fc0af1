import Compute
import Files

/// How recordings of one kind differ from those of another.
public struct EventComparison: Sendable, Codable {
    /// A number that each recording has.
    public struct Quantity: Sendable, Codable {
        public let name: String
        /// nil of plain numbers.
        public let unit: String?
        public let first: Spread
        public let second: Spread
    }

    /// Mean and sample standard deviation over recordings; 0 of a single one.
    public struct Spread: Sendable, Codable {
        public let mean: Double
        public let deviation: Double

        init(_ values: [Double]) {
            mean = SampleStatistics.mean(of: values)
            deviation = SampleStatistics.standardDeviation(of: values) ?? 0
        }
    }

    /// A distribution over the events, or pixels, of all recordings.
    public struct Distribution: Sendable, Codable {
        public let name: String
        public let unit: String?
        /// Where cumulative shares are taken, ascending, and these shares of both.
        public let places: [Double]
        public let first: [Double]
        public let second: [Double]
        /// The largest difference of the cumulative shares (Kolmogorov and Smirnov), 0…1.
        public let distance: Double
    }

    public var schema = "sqsnn.event-comparison/1"
    /// Recordings of each kind.
    public let recordings: [Int]
    public let quantities: [Quantity]
    public let distributions: [Distribution]

    /// - Parameters: none of them empty.
    public init(_ first: [EventStatistics], _ second: [EventStatistics]) {
        precondition(!first.isEmpty && !second.isEmpty, "recordings of both kinds")
        func quantity(
            _ name: String, _ unit: String? = nil, _ value: (EventStatistics) -> Double
        ) -> Quantity {
            Quantity(
                name: name, unit: unit, first: Spread(first.map(value)), second: Spread(second.map(value)))
        }
        recordings = [first.count, second.count]
        let shares = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9]
        quantities =
            [
                quantity("event rate", "1/s", \.rate),
                quantity("share of ON events", nil, \.onShare),
                quantity("width of the middle 80 %", "pixels", \.width),
                quantity("height of the middle 80 %", "pixels", \.height),
                quantity("pixels with more than 3 events") { Double($0.activePixelCount) },
                quantity("events of a pixel, 90 % quantile") {
                    SampleStatistics.quantile(ofSorted: $0.pixelCounts, 0.9)
                },
                quantity("next event of the pixel alike", nil, \.repetition),
                quantity("rate of a pixel in the rim", "1/s", \.rimRate),
            ]
            + shares.map { share in
                quantity("interval of a pixel, \(Int(100 * share)) % quantile", "ms") {
                    SampleStatistics.quantile(ofSorted: $0.intervals, share)
                }
            }
        distributions = [
            Distribution("intervals of a pixel", "ms", first, second, \.intervals),
            Distribution("events of a pixel", nil, first, second, \.pixelCounts),
            Distribution("columns from the middle", "pixels", first, second, \.columns),
            Distribution("rows from the middle", "pixels", first, second, \.rows),
        ]
    }

    /// The tables as text.
    public var lines: [String] {
        func text(_ spread: Spread) -> String { String(printf: "%.4g ± %.2g", spread.mean, spread.deviation) }
        let quantities = quantities.map { quantity in
            [
                quantity.name + (quantity.unit.map { " (\($0))" } ?? ""), text(quantity.first),
                text(quantity.second),
                quantity.first.mean == 0
                    ? "" : String(printf: "%.2f", quantity.second.mean / quantity.first.mean),
            ]
        }
        let distances = distributions.map {
            [$0.name + ($0.unit.map { " (\($0))" } ?? ""), String(printf: "%.3f", $0.distance)]
        }
        return ["Mean ± deviation over \(recordings[0]) and \(recordings[1]) recordings"]
            + TextTable.numberLines([["", "first", "second", "ratio"]] + quantities)
            + ["", "Distance of the distributions (Kolmogorov and Smirnov)"]
            + TextTable.numberLines(distances)
    }
}

extension EventComparison.Distribution {
    init(
        _ name: String, _ unit: String?, _ first: [EventStatistics], _ second: [EventStatistics],
        _ values: (EventStatistics) -> [Double]
    ) {
        let (left, right) = (first.flatMap(values).sorted(), second.flatMap(values).sorted())
        // Enough to draw a curve, and to meet the largest difference to a thousandth.
        let places = Set((left + right).isEmpty ? [] : Self.grid(left) + Self.grid(right)).sorted()
        let (below, above) = (Self.shares(left, places), Self.shares(right, places))
        self.init(
            name: name, unit: unit, places: places, first: below, second: above,
            distance: zip(below, above).map { abs($0 - $1) }.max() ?? 0)
    }

    private static func grid(_ sorted: [Double]) -> [Double] {
        sorted.isEmpty ? [] : (0...1000).map { sorted[$0 * (sorted.count - 1) / 1000] }
    }

    /// Share of the values up to each place.
    private static func shares(_ sorted: [Double], _ places: [Double]) -> [Double] {
        var index = 0
        return places.map { place in
            while index < sorted.count, sorted[index] <= place { index += 1 }
            return sorted.isEmpty ? 0 : Double(index) / Double(sorted.count)
        }
    }
}
