/// A recording to be looked at: in frames, each of which shows the events of a span of time, and how many events there are over time.
public struct EventPreview: Sendable {
    /// How a terminal shows it.
    public enum Layout: Sendable {
        /// Frames beside each other.
        case frames
        /// Pixel numbers against time: of what are no pictures.
        case raster
    }

    /// What a pixel is in a frame.
    public struct Mark: OptionSet, Sendable, Hashable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// It has ON events.
        public static let on = Mark(rawValue: 1)
        /// It has OFF events.
        public static let off = Mark(rawValue: 2)
    }

    /// What it is, in a line.
    public let title: String
    public let sensor: EventSensor
    /// In the order of time.
    public let events: [Event]
    /// Of a frame, in microseconds.
    public let frameSpan: Int64
    public let layout: Layout

    /// - Parameters:
    ///   - title: what it is, in a line.
    ///   - recording: in any order.
    ///   - frameSpan: of a frame, in microseconds, at least 1.
    ///   - layout: of a terminal; nil for frames, and a raster of sensors of one row or column.
    /// - Throws: ``EventError/tooManyPixels(path:_:)``, with the title for a path.
    public init(
        title: String, _ recording: EventRecording, frameSpan: Int64, layout: Layout? = nil
    ) throws(EventError) {
        guard recording.sensor.hasTable else { throw .tooManyPixels(path: title, recording.sensor) }
        precondition(frameSpan > 0)
        (self.title, sensor, self.frameSpan) = (title, recording.sensor, frameSpan)
        self.layout = layout ?? (min(sensor.width, sensor.height) > 1 ? .frames : .raster)
        var events = recording.events
        // Most recordings are in order, and are then not copied.
        if !zip(events, events.dropFirst()).allSatisfy({ $0.time <= $1.time }) {
            events.sort { $0.time < $1.time }
        }
        self.events = events
    }

    /// From the first to the last event, in microseconds.
    public var duration: Int64 { events.last.map(time) ?? 0 }

    /// Events that are ON.
    public var onCount: Int { events.reduce(0) { $0 + ($1.isOn ? 1 : 0) } }

    /// Frames from the first event to the last.
    public var frameCount: Int { events.isEmpty ? 0 : Int(min(duration / frameSpan, .max - 1)) + 1 }

    /// Numbers of frames that stand for all: evenly chosen, in order, at most so many.
    public func frames(atMost count: Int) -> [Int] {
        guard frameCount > count else { return Array(0..<frameCount) }
        return (0..<count).map { Int((Double($0) + 0.5) / Double(count) * Double(frameCount)) }
    }

    /// The events of a frame: those from its beginning on, up to that of the next one.
    ///
    /// - Parameter frame: below ``frameCount``.
    public func events(of frame: Int) -> ArraySlice<Event> {
        let start = Int64(frame) * frameSpan
        return events[
            index(at: start)..<index(at: start.addingReportingOverflow(frameSpan).partialValue, orEnd: start)]
    }

    /// What each pixel is in a frame, row after row.
    public func marks(of frame: Int) -> [Mark] {
        var marks = [Mark](repeating: [], count: sensor.width * sensor.height)
        for event in events(of: frame) {
            marks[Int(event.y) * sensor.width + Int(event.x)].insert(event.isOn ? .on : .off)
        }
        return marks
    }

    /// Events in equal parts of the time.
    ///
    /// - Parameter count: parts, from 1 on.
    public func eventCounts(parts count: Int) -> [(on: Int, off: Int)] {
        var counts = [(on: Int, off: Int)](repeating: (0, 0), count: count)
        for event in events {
            let part = part(of: event, among: count)
            if event.isOn { counts[part].on += 1 } else { counts[part].off += 1 }
        }
        return counts
    }

    /// In which of equal parts of the time an event is.
    func part(of event: Event, among count: Int) -> Int {
        min(Int(Double(time(event)) / (Double(duration) + 1) * Double(count)), count - 1)
    }

    /// Microseconds since the first event; times of strangers may be further apart than can be said.
    public func time(_ event: Event) -> Int64 {
        Int64(clamping: UInt64(bitPattern: event.time &- (events.first?.time ?? 0)))
    }

    /// The first event at some time or later; `end` of all, where that time is past `start`'s range.
    private func index(at time: Int64, orEnd start: Int64 = 0) -> Int {
        guard time >= start else { return events.count }
        var (low, high) = (0, events.count)
        while low < high {
            let middle = (low + high) / 2
            if self.time(events[middle]) < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
