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
        self = try Self.withDigest(reading: path, format: format, sensor: sensor, isHashed: false).recording
    }

    /// The same, and SHA-256 of the file as it lies on disk, in one pass.
    package static func withDigest(
        reading path: String, format: EventFormat? = nil, sensor: EventSensor? = nil, isHashed: Bool = true
    ) throws -> (recording: EventRecording, fileDigest: String?) {
        let bytes = try EventBytes(path: path, isHashed: isHashed)
        var (format, reader) = try EventFile.open(bytes, format: format, sensor: sensor)
        var (events, reach) = ([Event](), EventSensor(width: 0, height: 0))
        try reader.forEachPiece { piece in
            guard events.count + piece.count <= countLimit else {
                throw EventError.tooManyEvents(path: path, limit: countLimit)
            }
            for event in piece { reach.extend(to: event) }
            events += piece
        }
        let recording = EventRecording(
            events: events, sensor: reader.sensor ?? format.usualSensor(holding: reach))
        return (recording, isHashed ? try bytes.fileDigest() : nil)
    }
}

extension EventSensor {
    /// Makes it large enough for an event.
    mutating func extend(to event: Event) {
        width = max(width, Int(event.x) + 1)
        height = max(height, Int(event.y) + 1)
    }
}
