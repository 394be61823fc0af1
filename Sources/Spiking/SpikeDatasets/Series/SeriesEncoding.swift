import EventRecordings

/// How a series of real numbers becomes what a network is given, a millisecond from number to number: events, or the numbers themselves.
public enum SeriesEncoding: Sendable, Hashable {
    /// Each dimension has so many inputs, whose centres divide the range that it has in the samples to learn from; at each time the
    /// one whose centre is nearest spikes. All events are ON.
    case population(Int)
    /// Each dimension has one input, with an ON event whenever the number has risen by a part of that range since the last event, an OFF event
    /// whenever it has fallen by it; several at once where it jumps.
    case delta(Double)
    /// No events: each dimension is an input that gives its numbers, in place of spikes, less their mean over the samples to learn
    /// from and divided by their deviation.
    case currents

    /// Inputs of a dimension, where nothing is said.
    static let usualPopulation = 8
    public static let populationSizes = 2...1024
    public static let deltas = 1e-4...1.0

    /// What cannot be, nil if all can.
    var problem: String? {
        switch self {
        case .population(let count):
            Self.populationSizes.contains(count)
                ? nil
                : "population: found \(count), expected \(Self.populationSizes.lowerBound) to \(Self.populationSizes.upperBound)"
        case .delta(let step):
            Self.deltas.contains(step)
                ? nil
                : "delta: found \(step), expected \(Self.deltas.lowerBound) to \(Self.deltas.upperBound), a part of the range"
        case .currents: nil
        }
    }

    /// One column a dimension, one row an input of it.
    func sensor(dimensionCount: Int) -> EventSensor {
        switch self {
        case .population(let count): EventSensor(width: dimensionCount, height: count)
        case .delta, .currents: EventSensor(width: dimensionCount, height: 1)
        }
    }

    /// The events of a series, in the order of time.
    ///
    /// - Parameter ranges: of each dimension.
    func events(_ series: SeriesFile.Series, _ ranges: [ClosedRange<Double>]) -> [Event] {
        var events: [Event] = []
        // Of each dimension, where the last event left it.
        var levels: [Double?] = ranges.map { _ in nil }
        for time in 0..<(series.values.first?.count ?? 0) {
            for (dimension, range) in ranges.enumerated() {
                let extent = max(range.upperBound - range.lowerBound, .leastNormalMagnitude)
                let value = (series.values[dimension][time] - range.lowerBound) / extent
                func add(row: Int, isOn: Bool) {
                    events.append(
                        Event(x: UInt16(dimension), y: UInt16(row), isOn: isOn, time: Int64(time) * 1000))
                }
                switch self {
                case .population(let count):
                    add(row: Int((min(max(value, 0), 1) * Double(count - 1)).rounded()), isOn: true)
                case .delta(let step):
                    let value = min(max(value, -1), 2)
                    guard let level = levels[dimension] else {
                        levels[dimension] = value
                        continue
                    }
                    let count = ((value - level) / step).rounded(.towardZero)
                    levels[dimension] = level + count * step
                    for _ in 0..<Int(abs(count)) { add(row: 0, isOn: count > 0) }
                case .currents: break
                }
            }
        }
        return events
    }
}

extension SeriesEncoding: LosslessStringConvertible, Codable {
    /// - Parameter text: `population=8`, `delta=0.1` or `currents`.
    public init?(_ text: String) {
        if text == "currents" {
            self = .currents
            return
        }
        let words = text.split(separator: "=", omittingEmptySubsequences: false)
        guard words.count == 2 else { return nil }
        switch (words[0], Int(words[1]), Double(words[1])) {
        case ("population", let count?, _): self = .population(count)
        case ("delta", _, let step?): self = .delta(step)
        default: return nil
        }
        if problem != nil { return nil }
    }

    public var description: String {
        switch self {
        case .population(let count): "population=\(count)"
        case .delta(let step): "delta=\(step)"
        case .currents: "currents"
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let encoding = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "found '\(text)', expected population=N, delta=STEP or currents")
        }
        self = encoding
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
