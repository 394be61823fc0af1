import Testing

@testable import EventRecordings

@Suite("Previews of recordings")
struct EventPreviewTests {
    /// Six pixels by four: an ON column at the beginning, one OFF event 25 ms later, out of order.
    private let events =
        (0..<4).map { Event(x: 2, y: $0, isOn: true, time: 1000) }
        + [Event(x: 5, y: 3, isOn: false, time: 26_000), Event(x: 0, y: 0, isOn: true, time: 11_000)]

    private func preview(
        _ span: Int64 = 10_000, _ layout: EventPreview.Layout? = nil
    ) throws -> EventPreview {
        try EventPreview(
            title: "made", EventRecording(events: events, sensor: EventSensor(width: 6, height: 4)),
            frameSpan: span, layout: layout)
    }

    @Test("frames divide the events by time, and sum to them")
    func frames() throws {
        let preview = try preview()
        #expect((preview.duration, preview.frameCount, preview.onCount) == (25_000, 3, 5))
        #expect((0..<3).map { preview.events(of: $0).count } == [4, 1, 1])
        #expect(preview.events.map(\.time) == [1000, 1000, 1000, 1000, 11_000, 26_000])
        #expect(preview.marks(of: 0).map(\.rawValue) == (0..<24).map { $0 % 6 == 2 ? 1 : 0 })
        #expect(preview.marks(of: 2).map(\.rawValue) == (0..<24).map { $0 == 23 ? 2 : 0 })
        let one = try self.preview(1 << 40)
        #expect(one.marks(of: 0)[23] == .off && one.frameCount == 1)
        let counts = preview.eventCounts(parts: 5)
        #expect(counts.map(\.on) == [4, 1, 0, 0, 0] && counts.map(\.off) == [0, 0, 0, 0, 1])
    }

    // By hand: the left column of a Braille cell is dots 1, 2, 3, 7 = ⡇, the lower right ⢀, the upper left ⠁.
    @Test("a terminal shows frames, ON above OFF, and the rate")
    func lines() throws {
        #expect(
            try preview().lines(width: 45) == [
                "made", "  6 × 4 pixels, 6 events: 5 ON, 1 OFF", "  25 ms from the first to the last event",
                "",
                "     0 µs     10 ms    20 ms", "ON   ⠀⡇⠀      ⠁", "", "OFF  ⠀⠀⠀      ⠀⠀⠀      ⠀⠀⢀", "",
                "     3 of 3 frames of 10 ms", "",
                "rate █              ▂                       ▂", "     up to 6.4 events a millisecond",
            ])
    }

    @Test("what is no picture is shown as pixels against time")
    func raster() throws {
        let lines = try preview(10_000, .raster).lines(width: 40)
        // Pixels 2, 8, 14 and 20 of 24 at the beginning, pixel 0 at dot 27 of 70, pixel 23 at the end.
        #expect(lines[4] == "ON   ⠄⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠈")
        #expect(lines.count == 4 + (6 + 1 + 6) + 2 + 3 && lines[16].hasSuffix("⢀") && lines[11] == "OFF")
        #expect(lines[18] == "     inputs 0 to 23 from the top, time to the right")
    }

    @Test(
        "lines fit the terminal, whatever the sensor",
        arguments: [(34, 34), (640, 480), (1, 5000), (60_000, 2), (128, 128)])
    func widths(width: Int, height: Int) throws {
        let sensor = EventSensor(width: width, height: height)
        let events = (0..<500).map { (number: Int) -> Event in
            let (x, y) = (UInt16(number * 7919 % width), UInt16(number * 104_729 % height))
            return Event(x: x, y: y, isOn: number % 3 == 0, time: Int64(number) * 777)
        }
        for layout in [EventPreview.Layout.frames, .raster] {
            let preview = try EventPreview(
                title: "t", EventRecording(events: events, sensor: sensor), frameSpan: 20_000, layout: layout)
            for line in preview.lines() { #expect(line.count <= 80, "\(line)") }
            #expect(preview.lines().count < 60)
        }
    }

    @Test("no events, one, and times that are further apart than numbers go are shown")
    func extremes() throws {
        let sensor = EventSensor(width: 2, height: 2)
        func preview(_ times: [Int64]) throws -> EventPreview {
            try EventPreview(
                title: "t",
                EventRecording(events: times.map { Event(x: 1, y: 1, isOn: true, time: $0) }, sensor: sensor),
                frameSpan: 1)
        }
        #expect(try preview([]).lines().count == 3 && preview([]).frameCount == 0)
        #expect(try preview([5]).frameCount == 1 && preview([5]).events(of: 0).count == 1)
        #expect(try preview([5]).lines().contains { $0.hasPrefix("rate █") })
        let far = try preview([.min, .max])
        #expect(far.duration == .max)
        #expect(far.frames(atMost: 3).count == 3 && far.lines().count > 5)
        #expect(far.events(of: 0).count == 1)
    }
}
