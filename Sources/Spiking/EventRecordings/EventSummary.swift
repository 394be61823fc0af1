import Files

/// What can be said about a recording in a few lines: the contents of `sqsnn data info FILE`.
public struct EventSummary: Sendable, Hashable, Codable {
    /// An event as JSON has it.
    public struct Place: Sendable, Hashable, Codable {
        public let x: UInt16
        public let y: UInt16
        /// 1 of ON events, 0 of OFF events.
        public let polarity: Int
        public let timeUs: Int64

        init(_ event: Event) {
            (x, y, polarity, timeUs) = (event.x, event.y, event.isOn ? 1 : 0, event.time)
        }
    }

    public let path: String
    public let format: EventFormat
    public let events: Int
    public let onEvents: Int
    public let offEvents: Int
    /// In the order of the file; nil where there are none.
    public let first: Place?
    public let last: Place?
    /// From the earliest to the latest event.
    public let durationUs: Int64
    /// Events that are earlier than the one before.
    public let stepsBack: Int
    /// What the file says, else the usual sensor of the format that holds all events, else as far as events reach.
    public let sensor: EventSensor

    /// Reads a whole recording, piece by piece.
    ///
    /// - Parameters:
    ///   - path: the file, or `-` for standard input.
    ///   - format: what it is; nil for what its first bytes and its name say.
    /// - Throws: ``EventError``.
    public init(reading path: String, format: EventFormat? = nil) throws {
        var (format, reader) = try EventFile.open(path, format: format)
        var (count, onCount, stepsBack) = (0, 0, 0)
        var (first, last): (Event?, Event?)
        var (earliest, latest) = (Int64.max, Int64.min)
        var reach = EventSensor(width: 0, height: 0)
        try reader.forEachPiece { events in
            first = first ?? events.first
            for event in events {
                onCount += event.isOn ? 1 : 0
                if let last, event.time < last.time { stepsBack += 1 }
                (earliest, latest) = (min(earliest, event.time), max(latest, event.time))
                reach.extend(to: event)
                last = event
            }
            count += events.count
        }
        self.path = path
        self.format = format
        (self.events, onEvents, offEvents, self.stepsBack) = (count, onCount, count - onCount, stepsBack)
        (self.first, self.last) = (first.map(Place.init), last.map(Place.init))
        durationUs = count > 0 ? latest.subtractingReportingOverflow(earliest).partialValue : 0
        sensor = reader.sensor ?? format.usualSensor(holding: reach)
    }

    /// The summary as lines of text.
    public var lines: [String] {
        let ends = [("first", first), ("last", last)].compactMap { name, place in
            place.map { place in
                [
                    "  \(name)",
                    "column \(place.x), row \(place.y), \(place.polarity == 1 ? "ON" : "OFF"), at \(place.timeUs) µs",
                ]
            }
        }
        let order = [["  order", "\(stepsBack) events are earlier than the one before"]]
        return ["\(path): \(format)"]
            + TextTable.lines(
                [
                    ["  sensor", "\(sensor.width) × \(sensor.height) pixels"],
                    ["  events", "\(events): \(onEvents) ON, \(offEvents) OFF"],
                ] + ends + [["  duration", "\(durationUs) µs"]] + (stepsBack > 0 ? order : []))
    }
}

extension EventFormat {
    /// The smallest sensor of those that such files are usually from that holds all pixels; what is asked for where none does.
    func usualSensor(holding reach: EventSensor) -> EventSensor {
        usualSensors.first { $0.width >= reach.width && $0.height >= reach.height } ?? reach
    }

    /// Smallest first; of formats whose files do not say it.
    private var usualSensors: [EventSensor] {
        switch self {
        case .aedat2, .aedat3, .aedat4, .npy, .npz, .hdf5: []
        case .atis: [EventSensor(width: 34, height: 34), EventSensor(width: 304, height: 240)]
        case .prophesee:
            [
                EventSensor(width: 304, height: 240), EventSensor(width: 640, height: 480),
                EventSensor(width: 1280, height: 720),
            ]
        }
    }
}
