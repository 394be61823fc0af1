/// All events of a file.
public struct EventRecording: Sendable, Hashable {
    public var events: [Event]
    /// On which all events lie.
    public var sensor: EventSensor

    /// - Parameter sensor: on which all events lie.
    public init(events: [Event], sensor: EventSensor) { (self.events, self.sensor) = (events, sensor) }

    /// 4 GiB of them.
    public static let countLimit = 1 << 28

    /// Reads a whole recording.
    ///
    /// - Parameters:
    ///   - path: the file, or `-` for standard input.
    ///   - format: what it is; nil for what its first bytes and its name say.
    ///   - sensor: that all events must lie on; nil for what the file or its format says, else as ``EventSummary/sensor``.
    /// - Throws: ``EventError``.
    public init(reading path: String, format: EventFormat? = nil, sensor: EventSensor? = nil) throws {
        var (format, reader) = try EventFile.open(path, format: format, sensor: sensor)
        var (events, reach) = ([Event](), EventSensor(width: 0, height: 0))
        try reader.forEachPiece { piece in
            guard events.count + piece.count <= Self.countLimit else {
                throw EventError.tooManyEvents(path: path, limit: Self.countLimit)
            }
            for event in piece { reach.extend(to: event) }
            events += piece
        }
        self.events = events
        self.sensor = reader.sensor ?? format.usualSensor(holding: reach)
    }
}

extension EventSensor {
    /// Makes it large enough for an event.
    mutating func extend(to event: Event) {
        width = max(width, Int(event.x) + 1)
        height = max(height, Int(event.y) + 1)
    }
}
