import Testing

@testable import EventRecordings

@Suite("Events in steps as they come")
struct EventStepperTests {
    private static let sensor = EventSensor(width: 5, height: 4)

    private static func events(_ count: Int) -> [Event] {
        let events = (0..<count).map { (number: Int) -> Event in
            let time = 900 + number * number % 97 + number * 40
            let (x, y) = (UInt16(number * 7 % 5), UInt16(number * 11 % 4))
            return Event(x: x, y: y, isOn: number % 3 > 0, time: Int64(time))
        }
        return events.sorted { $0.time < $1.time }
    }

    private func steps(
        _ length: EventStepper.Length, _ events: [Event], separates: Bool = true
    ) throws -> (steps: [EventStepper.Step], late: Int) {
        var stepper = EventStepper(length, sensor: Self.sensor, separatesPolarities: separates)
        var steps: [EventStepper.Step] = []
        for event in events { try stepper.take(event) { steps.append($0) } }
        if let last = stepper.finish() { steps.append(last) }
        return (steps, stepper.lateCount)
    }

    @Test(
        "steps of time are those of a binning of the whole recording", arguments: [true, false],
        [37, 150, 1000] as [Int64])
    func span(separates: Bool, span: Int64) throws {
        let events = Self.events(300)
        let (steps, late) = try steps(.span(span), events, separates: separates)
        let bins = EventBinning(stepCount: steps.count, division: .span(span), separatesPolarities: separates)
            .bins(events, Self.sensor)
        #expect(bins.outsideCount == 0 && late == 0)
        for (number, step) in steps.enumerated() {
            #expect(step.number == number && step.end == Int64(number + 1) * span)
            #expect(step.inputs.sorted() == bins.inputs(of: number).map { Int($0) })
        }
        #expect(steps.reduce(0) { $0 + $1.eventCount } == 300)
    }

    @Test("steps of a number of events end with the last of them")
    func count() throws {
        let events = Self.events(25)
        let (steps, _) = try steps(.events(10), events)
        #expect(steps.map(\.eventCount) == [10, 10, 5])
        #expect(steps.map(\.end) == [9, 19, 24].map { events[$0].time - events[0].time })
        let bins = EventBinning(stepCount: 1, division: .events).bins(Array(events[10..<20]), Self.sensor)
        #expect(steps[1].inputs.sorted() == bins.inputs(of: 0).map { Int($0) })
    }

    @Test("an event after its step is late, one of a quiet time after comes after empty steps")
    func lateAndQuiet() throws {
        func event(_ time: Int64) -> Event { Event(x: 1, y: 0, isOn: true, time: time) }
        let (steps, late) = try steps(.span(10), [event(100), event(112), event(105), event(99), event(145)])
        #expect(steps.map(\.eventCount) == [1, 1, 0, 0, 1] && late == 2)
        #expect(steps.map(\.inputs) == [[1], [1], [], [], [1]])
    }

    @Test("times that make any number of steps are an error", arguments: [Int64.max, 1_000_101, -1, .min])
    func wrongTimes(time: Int64) throws {
        var stepper = EventStepper(.span(10), sensor: Self.sensor, separatesPolarities: true)
        var count = 0
        func take(_ time: Int64) throws {
            try stepper.take(Event(x: 0, y: 0, isOn: true, time: time)) { _ in count += 1 }
        }
        try take(90)
        if time > 0 {
            #expect(throws: EventStepError.self) { try take(time) }
        } else {
            try take(time)
            #expect(stepper.lateCount == 1)
        }
        #expect(count == 0)
        try take(1_000_089)
        #expect(count == 99_999)
        // As far as numbers go, in long steps.
        stepper = EventStepper(.span(1_000_000_000_000), sensor: Self.sensor, separatesPolarities: true)
        count = 0
        try take(0)
        while count < 9_200_000 { try take(Int64(count + 100_000) * 1_000_000_000_000) }
        try take(.max)
        #expect(stepper.finish()?.end == .max)
    }

    @Test("lengths are read as they are written")
    func texts() {
        #expect(
            EventStepper.Length("25ms") == .span(25_000) && EventStepper.Length("500events") == .events(500))
        #expect("\(EventStepper.Length.span(25_000)) \(EventStepper.Length.events(500))" == "25ms 500events")
        for text in ["", "0", "events", "0events", "-1events", "time", "1 events", "-5ms"] {
            #expect(EventStepper.Length(text) == nil, "\(text)")
        }
    }
}
