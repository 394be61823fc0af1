import Compute
import EventRecordings
import Foundation
import Testing

private let sensor = EventSensor(width: 8, height: 4)

private func event(_ x: UInt16, _ y: UInt16, on: Bool = true, at time: Int64 = 0) -> Event {
    Event(x: x, y: y, isOn: on, time: time)
}

/// What a pipeline makes of events.
private func filtered(
    _ events: [Event], by texts: String..., seed: UInt64 = 1, sample: Int = 0, in sensor: EventSensor = sensor
) throws -> [Event] {
    let pipeline = try EventPipeline(texts)
    var filter = try pipeline.filter(
        sensor, random: RandomStream(seed: seed, purpose: .augmentation), sample: sample)
    #expect(try filter.sensor == pipeline.sensor(after: sensor))
    var result = events
    filter.apply(to: &result)
    #expect(result.allSatisfy(filter.sensor.contains))
    return result
}

/// Events all over the sensor, a microsecond apart.
private let everywhere = (0..<320).map { (index: Int) -> Event in
    let (column, row) = (UInt16(index % 8), UInt16(index / 8 % 4))
    return event(column, row, on: index % 3 == 0, at: Int64(index))
}

struct EventTransformTests {
    @Test("a crop keeps a rectangle, whose corner is the first pixel")
    func crop() throws {
        let events = [event(1, 1), event(2, 1), event(4, 2), event(5, 2), event(4, 3)]
        #expect(try filtered(events, by: "crop=3x2+2+1") == [event(0, 0), event(2, 1)])
        #expect(try filtered([event(3, 1)], by: "crop=4x2") == [event(1, 0)], "in the middle")
    }

    @Test("events taken through together are those taken through one after the other")
    func together() throws {
        let pipeline = try EventPipeline([
            "window=300us", "crop=6x4", "background=20us", "flip=x", "refractory=40us", "random-loss=0.1",
            "downsample=2",
        ])
        var (one, all) = try (
            pipeline.filter(sensor, random: RandomStream(seed: 1, purpose: .augmentation)),
            pipeline.filter(sensor, random: RandomStream(seed: 1, purpose: .augmentation))
        )
        // Some beside the sensor, which pass no filter.
        let events = everywhere + [event(8, 0, at: 320)] + everywhere
        let expected = events.compactMap { event in
            var event = event
            return one.passes(&event) ? event : nil
        }
        var (result, rest) = (Array(events[..<200]), Array(events[200...]))
        all.apply(to: &result)
        all.apply(to: &rest)
        #expect(result + rest == expected && !expected.isEmpty)
    }

    @Test("downsampling loses no event, also where the sensor does not divide")
    func downsampling() throws {
        #expect(try filtered([event(7, 3), event(5, 2)], by: "downsample=3") == [event(2, 1), event(1, 0)])
        #expect(try EventPipeline(["downsample=3"]).sensor(after: sensor) == EventSensor(width: 3, height: 2))
        #expect(try filtered(everywhere, by: "downsample=3").count == everywhere.count)
    }

    @Test("flips are their own inverse", arguments: ["x", "y", "transpose"])
    func flip(axis: String) throws {
        #expect(try filtered(everywhere, by: "flip=\(axis)") != everywhere)
        #expect(try filtered(everywhere, by: "flip=\(axis)", "flip=\(axis)") == everywhere)
    }

    @Test("flips of one event")
    func flips() throws {
        #expect(try filtered([event(1, 0)], by: "flip=x") == [event(6, 0)])
        #expect(try filtered([event(1, 0)], by: "flip=y") == [event(1, 3)])
        #expect(try filtered([event(5, 0)], by: "flip=transpose") == [event(0, 5)])
    }

    @Test("polarities")
    func polarity() throws {
        let (on, off) = (event(0, 0), event(1, 0, on: false))
        #expect(try filtered([on, off], by: "polarity=on") == [on])
        #expect(try filtered([on, off], by: "polarity=off") == [off])
        #expect(try filtered([on, off], by: "polarity=merged") == [on, event(1, 0)])
        #expect(try filtered([on, off], by: "polarity=swapped") == [event(0, 0, on: false), event(1, 0)])
    }

    @Test("a window begins with the first event")
    func window() throws {
        let times: [Int64] = [1000, 1999, 2000, 3999, 4000]
        let events = times.map { event(0, 0, at: $0) }
        #expect(try filtered(events, by: "window=2ms+1ms").map(\.time) == [2000, 3999])
        #expect(try filtered(events, by: "window=1ms").map(\.time) == [1000, 1999])
    }

    @Test("a refractory pixel is deaf for a time after an event that passed")
    func refractory() throws {
        let events = [0, 5, 9, 10, 15, 20].map { event(0, 0, at: $0) } + [event(1, 0, at: 21)]
        #expect(try filtered(events, by: "refractory=10us").map(\.time) == [0, 10, 20, 21])
    }

    @Test(
        "what remembers pixels refuses more of them than it has room for, unless others come first",
        arguments: ["refractory=1ms", "background=5ms"])
    func tooManyPixels(text: String) throws {
        let wide = EventSensor(width: 30_760, height: 29_736)
        let random = RandomStream(seed: 0, purpose: .augmentation)
        var recording = EventRecording(events: [Event(x: 5, y: 5, isOn: true, time: 0)], sensor: wide)
        let error = EventTransformError.tooManyPixels(text, wide)
        #expect(throws: error) { try EventPipeline([text]).sensor(after: wide) }
        #expect(throws: EventTransformError.recording("a.npy", error)) {
            try EventPipeline([text]).apply(to: &recording, of: "a.npy", random: random)
        }
        #expect(
            "\(EventTransformError.recording("a.npy", error))"
                == "a.npy: transform '\(text)': found a sensor of 30760 × 29736 pixels, expected at most 4194304 in all; crop or "
                + "downsample first")
        #expect(recording.events.count == 1)
        #expect(throws: EventError.tooManyPixels(path: "a.npy", wide)) {
            try EventStatistics(recording, path: "a.npy")
        }
        try EventPipeline(["crop=64x64+0+0", text]).apply(to: &recording, random: random)
        #expect(recording.sensor == EventSensor(width: 64, height: 64))
    }

    @Test("an event without neighbours shortly before is background")
    func background() throws {
        let events = [
            event(0, 0, at: 0),  // alone
            event(0, 0, at: 2),  // the same pixel does not count
            event(1, 1, at: 3),  // beside the one before
            event(7, 3, at: 4),  // far from all
            event(6, 2, at: 15),  // beside one that is too old
        ]
        #expect(try filtered(events, by: "background=10us").map(\.time) == [3])
    }

    @Test("changes by chance are those of the seed and the recording")
    func augmentation() throws {
        let texts = ["random-shift=2", "random-flip=0.5", "random-loss=0.3"]
        func result(seed: UInt64, sample: Int) throws -> [Event] {
            var filter = try EventPipeline(texts).filter(
                sensor, random: RandomStream(seed: seed, purpose: .augmentation), sample: sample)
            var events = everywhere
            filter.apply(to: &events)
            return events
        }
        #expect(try result(seed: 1, sample: 0) == result(seed: 1, sample: 0))
        #expect(try result(seed: 1, sample: 0) != result(seed: 2, sample: 0))
        #expect(try result(seed: 1, sample: 0) != result(seed: 1, sample: 1))
    }

    @Test("a flip by chance happens as often as it should, and losses too")
    func chances() throws {
        let flips = try (0..<1000).count {
            try filtered([event(0, 0)], by: "random-flip=0.3", sample: $0) == [event(7, 0)]
        }
        // 5σ of 1000 draws at 0.3.
        #expect(abs(flips - 300) < 73, "\(flips) of 1000")
        let kept = try filtered(
            Array(repeating: event(0, 0), count: 10_000), by: "random-loss=0.2"
        ).count
        #expect(abs(kept - 8000) < 200, "\(kept) of 10000")
    }

    @Test("texts make the transforms that say them, and JSON is those texts")
    func texts() throws {
        let texts = [
            "window=500ms+1500us", "crop=6x4+1+0", "downsample=2", "flip=x", "polarity=on", "refractory=1ms",
            "background=5ms", "random-shift=1", "random-flip=0.5", "random-loss=0.1",
        ]
        let pipeline = try EventPipeline(texts)
        #expect(pipeline.texts == texts)
        #expect(
            Set(texts.map { $0.prefix { $0 != "=" } }).count == EventPipeline.kinds.count, "one of each kind")
        let data = try JSONEncoder().encode(pipeline)
        #expect(try JSONDecoder().decode([String].self, from: data) == texts)
        #expect(try JSONDecoder().decode(EventPipeline.self, from: data) == pipeline)
    }

    @Test(
        "texts that say no transform are refused",
        arguments: [
            "crop", "crop=", "crop=0x4", "crop=4", "crop=4x4+1", "crop=-1x4", "crop=4x4+1+1+1",
            "downsample=0", "downsample=2.5", "flip=z", "polarity=", "window=0ms", "window=1h", "window=1ms+",
            "window=1e99s", "window=nan", "refractory=-1ms", "background=x", "random-shift=0",
            "random-flip=1.5", "random-loss=nan", "corp=4x4", "",
        ])
    func refused(text: String) {
        #expect(throws: EventTransformError.self) { try EventPipeline([text]) }
    }

    @Test("messages say what is expected")
    func messages() throws {
        #expect(throws: EventTransformError.unknown("corp", known: EventPipeline.kinds.map { $0.name })) {
            try EventPipeline(["corp=4x4"])
        }
        let error = #expect(throws: EventTransformError.self) { try EventPipeline(["corp=4x4"]) }
        #expect(error?.description.hasSuffix("(did you mean 'crop'?)") == true)
        #expect(throws: EventTransformError.sensor("crop=9x4", sensor)) {
            try filtered([], by: "crop=9x4")
        }
        #expect(throws: EventTransformError.sensor("crop=4x2+2+0", EventSensor(width: 4, height: 2))) {
            try filtered([], by: "downsample=2", "crop=4x2+2+0")
        }
    }

    @Test("events beside the sensor do not pass")
    func beside() throws {
        #expect(try filtered([event(8, 0), event(7, 3), event(0, 4)], by: "flip=x") == [event(0, 3)])
    }
}
