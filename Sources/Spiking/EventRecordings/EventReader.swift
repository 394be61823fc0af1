/// The events of one file, from front to back; no more of it is in memory than is asked for.
public protocol EventReader {
    /// On which all events lie: what the caller, the file or its format says; nil where none does.
    var sensor: EventSensor? { get }

    /// Appends the next events, at most `count`, and fewer only at the end of the file.
    ///
    /// - Throws: ``EventError`` for what makes no sense, with its byte.
    mutating func read(_ count: Int, into events: inout [Event]) throws(EventError)
}

extension EventReader {
    /// Calls `body` with all events, piece by piece.
    public mutating func forEachPiece(
        of count: Int = 1 << 16, _ body: ([Event]) throws -> Void
    ) throws {
        var events: [Event] = []
        events.reserveCapacity(count)
        repeat {
            events.removeAll(keepingCapacity: true)
            try read(count, into: &events)
            if !events.isEmpty { try body(events) }
        } while events.count == count
    }
}

/// A reader of bytes of a file.
protocol EventByteReader: EventReader {
    var bytes: EventBytes { get }
}

extension EventByteReader {
    var sensor: EventSensor? { bytes.sensor }
}
