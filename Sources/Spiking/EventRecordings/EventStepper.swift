import Files

/// Sorts events into steps one after the other, as they come: what ``EventBinning`` does where nobody knows how many there will be.
///
/// A step of time is over when an event comes that is later. The first event is at the beginning of the first step; steps without
/// events count.
public struct EventStepper: Sendable {
    /// What a step is.
    public enum Length: Sendable, Hashable {
        /// A span of time, in microseconds.
        case span(Int64)
        /// So many events.
        case events(Int)
    }

    /// One step.
    public struct Step: Sendable, Hashable {
        /// From 0 on.
        public let number: Int
        /// Inputs that had events, each once, as ``EventBinning`` numbers them.
        public let inputs: [Int]
        /// Its events.
        public let eventCount: Int
        /// Where it ends, in µs since the first event: the end of its span, or the time of its last event.
        public let end: Int64
    }

    public let length: Length
    public let sensor: EventSensor
    public let separatesPolarities: Bool
    /// Events that came after their step was over, and are in none.
    public private(set) var lateCount = 0

    /// Steps without events between two events, at most: a wrong time would make any number of them.
    public static let largestGap = 100_000
    /// Steps at most, as many as random numbers are told apart by.
    public static let largestCount = 1 << 32

    private var first: Int64?
    private var number = 0
    private var inputs: [Int] = []
    private var eventCount = 0
    private var lastTime: Int64 = 0
    /// Which inputs are in the list.
    private var isSet: [Bool]

    public init(_ length: Length, sensor: EventSensor, separatesPolarities: Bool) {
        (self.length, self.sensor, self.separatesPolarities) = (length, sensor, separatesPolarities)
        isSet = [Bool](repeating: false, count: sensor.width * sensor.height * (separatesPolarities ? 2 : 1))
    }

    /// Takes an event on the sensor.
    ///
    /// - Parameter each: is told each step that is over, in order.
    /// - Throws: ``EventStepError``, and the stepper is as before.
    public mutating func take(_ event: Event, _ each: (Step) -> Void) throws(EventStepError) {
        let first = first ?? event.time
        self.first = first
        let (time, overflow) = event.time.subtractingReportingOverflow(first)
        switch length {
        case .span(let span):
            guard overflow ? event.time > first : time >= Int64(number) * span else {
                lateCount += 1
                return
            }
            let gap = overflow ? .max : time / span - Int64(number)
            guard gap <= Self.largestGap else {
                throw .gap(steps: gap, limit: Self.largestGap, time: event.time)
            }
            guard number + Int(gap) < Self.largestCount else { throw .tooMany(limit: Self.largestCount) }
            for _ in 0..<gap { each(endStep(end(of: span))) }
            add(event)
        case .events(let count):
            guard number < Self.largestCount else { throw .tooMany(limit: Self.largestCount) }
            lastTime = overflow ? (event.time > first ? .max : .min) : time
            add(event)
            if eventCount == count { each(endStep(lastTime)) }
        }
    }

    /// The last step, if anything is in it; there are no events after it.
    public mutating func finish() -> Step? {
        guard eventCount > 0 else { return nil }
        return switch length {
        case .span(let span): endStep(end(of: span))
        case .events: endStep(lastTime)
        }
    }

    /// Of this step; times of strangers may be the last that can be said.
    private func end(of span: Int64) -> Int64 {
        let (end, overflow) = (Int64(number) + 1).multipliedReportingOverflow(by: span)
        return overflow ? .max : end
    }

    private mutating func add(_ event: Event) {
        let input = sensor.input(of: event, separatesPolarities: separatesPolarities)
        if !isSet[input] { inputs.append(input) }
        isSet[input] = true
        eventCount += 1
    }

    private mutating func endStep(_ end: Int64) -> Step {
        let step = Step(number: number, inputs: inputs, eventCount: eventCount, end: end)
        for input in inputs { isSet[input] = false }
        inputs.removeAll(keepingCapacity: true)
        eventCount = 0
        number += 1
        return step
    }
}

extension EventStepper.Length: LosslessStringConvertible {
    /// - Parameter text: a span of time as `25ms`, or `500events`.
    public init?(_ text: String) {
        if text.hasSuffix("events") {
            guard let count = Int(text.dropLast(6)), count > 0 else { return nil }
            self = .events(count)
        } else {
            guard let span = TimeSpan(text), span.microseconds > 0 else { return nil }
            self = .span(span.microseconds)
        }
    }

    public var description: String {
        switch self {
        case .span(let span): "\(TimeSpan(microseconds: span))"
        case .events(let count): "\(count)events"
        }
    }
}

/// Times that steps cannot be made of.
public enum EventStepError: DescribedError, Equatable {
    case gap(steps: Int64, limit: Int, time: Int64)
    case tooMany(limit: Int)

    public var category: ErrorCategory { .badInput }

    public var description: String {
        switch self {
        case .gap(let steps, let limit, let time):
            "the event at \(time) µs: found \(steps) steps since the event before, expected at most \(limit); check the times, "
                + "or take longer steps"
        case .tooMany(let limit): "found more than \(limit) steps; begin anew"
        }
    }
}
