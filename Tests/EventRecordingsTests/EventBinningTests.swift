import EventRecordings
import Testing

private let sensor = EventSensor(width: 4, height: 2)

/// Events at times, at pixels that repeat.
private func events(at times: [Int64]) -> [Event] {
    times.enumerated().map { index, time in
        Event(x: UInt16(index * 3 % 4), y: UInt16(index % 2), isOn: index % 3 != 0, time: time)
    }
}

struct EventBinningTests {
    @Test(
        "bins sum to the events, and the first is in the first step",
        arguments: [EventBinning.Division.time, .events, .span(40)], [1, 2, 3, 7, 80])
    func sums(division: EventBinning.Division, stepCount: Int) {
        let times = (0..<200).map { Int64(5_000_000 + $0 * $0 % 37 + 40 * stepCount * $0 / 201) }.sorted()
        for separatesPolarities in [true, false] {
            let binning = EventBinning(
                stepCount: stepCount, division: division, separatesPolarities: separatesPolarities)
            let bins = binning.bins(events(at: times), sensor)
            #expect(bins.eventCount + bins.outsideCount == 200)
            if division != .span(40) { #expect(bins.outsideCount == 0) }
            #expect(bins.starts.count == stepCount + 1)
            #expect(!bins.inputs(of: 0).isEmpty)
            #expect(bins.inputs.allSatisfy { $0 < binning.inputCount(sensor) })
            for step in 0..<stepCount {
                let inputs = bins.inputs(of: step)
                #expect(zip(inputs, inputs.dropFirst()).allSatisfy { $0 < $1 }, "ascending, each once")
            }
        }
    }

    @Test(
        "one event gives one step that is not empty",
        arguments: [EventBinning.Division.time, .events, .span(1)])
    func one(division: EventBinning.Division) {
        let bins = EventBinning(stepCount: 5, division: division).bins(
            [Event(x: 3, y: 1, isOn: false, time: 77)], sensor)
        #expect(bins.starts == [0, 1, 1, 1, 1, 1])
        #expect(bins.inputs == [15], "an OFF event of the last pixel")
        #expect(bins.counts == [1])
    }

    @Test("no events give empty steps")
    func none() {
        let bins = EventBinning(stepCount: 3, division: .time).bins([], sensor)
        #expect(bins.starts == [0, 0, 0, 0] && bins.inputs.isEmpty)
    }

    @Test("spans of time, by hand")
    func spans() {
        let pixel = Event(x: 1, y: 0, isOn: true, time: 0)
        let times: [Int64] = [10, 19, 20, 39, 40]
        let bins = EventBinning(stepCount: 3, division: .span(10)).bins(
            times.map {
                var event = pixel
                event.time = $0
                return event
            }, sensor)
        #expect(bins.starts == [0, 1, 2, 3])
        #expect(bins.counts == [2, 1, 1], "39 is in the third step, 40 outside")
        #expect(bins.outsideCount == 1)
        #expect(bins.overflowCount == 1)
    }

    @Test("parts of the time: the last event is in the last step")
    func parts() {
        let bins = EventBinning(stepCount: 4, division: .time).bins(events(at: [0, 1, 2, 3]), sensor)
        #expect((0..<4).map { bins.inputs(of: $0).count } == [1, 1, 1, 1])
    }

    @Test("parts of the events have as many each, whatever their times")
    func counts() {
        let bins = EventBinning(stepCount: 4, division: .events).bins(
            events(at: [0, 1, 2, 3, 4, 5, 6, 1_000_000]), sensor)
        #expect((0..<4).map { bins.inputs(of: $0).count } == [2, 2, 2, 2])
    }

    @Test("times out of order and times at the ends of their range do no harm")
    func disorder() {
        let wild = events(at: [10, 5, .max, .min, 12])
        for division in [EventBinning.Division.time, .events, .span(3)] {
            let bins = EventBinning(stepCount: 3, division: division).bins(wild, sensor)
            #expect(bins.eventCount + bins.outsideCount == 5)
        }
        let late = EventBinning(stepCount: 2, division: .time).bins(events(at: [0, 9, 4]), sensor)
        #expect(late.eventCount == 3, "parts of the time go up to the latest event")
    }
}
