/// How the events of a recording become T steps of spikes.
///
/// Every event within the recording's window falls into one step, so the bins sum to the events; the first event is at the
/// beginning of the first step.
public struct EventBinning: Sendable, Hashable, Codable {
    /// What a step is.
    public enum Division: Sendable, Hashable, Codable {
        /// A span of time, in microseconds; events after T of them are outside.
        case span(Int64)
        /// The T-th part of the recording's time.
        case time
        /// The T-th part of the recording's events.
        case events
    }

    public var stepCount: Int
    public var division: Division
    /// Whether OFF events have inputs of their own, after those of all ON events; as ON events otherwise.
    public var separatesPolarities: Bool

    public static let stepCounts = 1...65_536

    public init(stepCount: Int, division: Division, separatesPolarities: Bool = true) {
        (self.stepCount, self.division) = (stepCount, division)
        self.separatesPolarities = separatesPolarities
    }

    /// Inputs of a sensor: row after row.
    public func inputCount(_ sensor: EventSensor) -> Int {
        sensor.width * sensor.height * (separatesPolarities ? 2 : 1)
    }

    /// Sorts the events of a recording into steps, by their times or by their order in it.
    ///
    /// What is earlier than the first event, in recordings that are not in the order of time, is in no step of time.
    public func bins(_ events: [Event], _ sensor: EventSensor) -> BinnedEvents {
        var bins = BinnedEvents(stepCount: stepCount, inputCount: inputCount(sensor))
        // First all events by their step, then those of each step by their input.
        let steps = steps(of: events)
        var starts = [Int](repeating: 0, count: stepCount + 1)
        for step in steps where step >= 0 { starts[step + 1] += 1 }
        for step in 0..<stepCount { starts[step + 1] += starts[step] }
        bins.outsideCount = events.count - starts[stepCount]
        var inputs = [UInt32](repeating: 0, count: starts[stepCount])
        var next = starts
        for (event, step) in zip(events, steps) where step >= 0 {
            inputs[next[step]] = UInt32(sensor.input(of: event, separatesPolarities: separatesPolarities))
            next[step] += 1
        }
        var counts = [UInt32](repeating: 0, count: bins.inputCount)
        var touched: [UInt32] = []
        for step in 0..<stepCount {
            touched.removeAll(keepingCapacity: true)
            for input in inputs[starts[step]..<starts[step + 1]] {
                if counts[Int(input)] == 0 { touched.append(input) }
                counts[Int(input)] += 1
            }
            touched.sort()
            for input in touched {
                bins.inputs.append(input)
                bins.counts.append(counts[Int(input)])
                counts[Int(input)] = 0
            }
            bins.starts.append(bins.inputs.count)
        }
        return bins
    }

    /// The step of each event, -1 where it is in none.
    private func steps(of events: [Event]) -> [Int] {
        guard let first = events.first?.time else { return [] }
        let duration: Double
        switch division {
        case .events: return events.indices.map { $0 * stepCount / events.count }
        case .span(let span): duration = Double(max(span, 1)) * Double(stepCount)
        case .time:
            // The latest event is within the last step.
            let latest = events.reduce(first) { max($0, $1.time) }
            duration = Double(latest) - Double(first) + 1
        }
        return events.map { event in
            // Exact up to 2⁵³: 285 years, divided by T.
            let step = Double(event.time &- first) * Double(stepCount) / duration
            return step >= 0 && step < Double(stepCount) ? Int(step) : -1
        }
    }
}

extension EventSensor {
    /// The input that an event is at: row after row, OFF events after all ON events where they have inputs of their own.
    func input(of event: Event, separatesPolarities: Bool) -> Int {
        let plane = separatesPolarities && !event.isOn ? width * height : 0
        return plane + Int(event.y) * width + Int(event.x)
    }
}

/// The events of a recording in steps: which inputs had some, and how many.
public struct BinnedEvents: Sendable, Hashable {
    public let stepCount: Int
    public let inputCount: Int
    /// Where the inputs of each step begin, and where the last ones end: T + 1 numbers.
    public internal(set) var starts = [0]
    /// Of each step ascending.
    public internal(set) var inputs: [UInt32] = []
    /// Events of each of ``inputs``.
    public internal(set) var counts: [UInt32] = []
    /// Events that are in no step.
    public internal(set) var outsideCount = 0

    init(stepCount: Int, inputCount: Int) {
        (self.stepCount, self.inputCount) = (stepCount, inputCount)
    }

    /// Events in all steps.
    public var eventCount: Int { counts.reduce(0) { $0 + Int($1) } }
    /// Events that a spike does not tell from another at the same input and step.
    public var overflowCount: Int { eventCount - inputs.count }

    /// The inputs of a step that had events.
    public func inputs(of step: Int) -> ArraySlice<UInt32> { inputs[starts[step]..<starts[step + 1]] }
}

extension EventBinning.Division: LosslessStringConvertible {
    /// - Parameter text: `time`, `events`, or a span of time as `25ms`.
    public init?(_ text: String) {
        switch text {
        case "time": self = .time
        case "events": self = .events
        default:
            guard let span = TimeSpan(text), span.microseconds > 0 else { return nil }
            self = .span(span.microseconds)
        }
    }

    public var description: String {
        switch self {
        case .time: "time"
        case .events: "events"
        case .span(let span): "\(TimeSpan(microseconds: span))"
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let division = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "found '\(text)', expected time, events, or a span of time as 25ms")
        }
        self = division
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
