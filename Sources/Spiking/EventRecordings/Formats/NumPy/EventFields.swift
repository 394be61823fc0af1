import Files

/// The numbers of an event in arrays of other programs.
enum EventFields {
    /// What columns, rows, times and polarities are called.
    static let names = [["x"], ["y"], ["t", "ts", "time", "timestamp"], ["p", "pol", "polarity"]]

    /// The fields of a record, in that order; nil where one is not there.
    static func allFields(of header: NPYHeader) -> [NPYHeader.Field]? {
        let fields = names.compactMap { names in header.fields.first { names.contains($0.name) } }
        return fields.count == names.count ? fields : nil
    }

    /// - Throws: ``EventFault/unexpected(found:expected:)`` for numbers that no event has; nil is one that is not whole.
    static func event(_ x: Int64?, _ y: Int64?, _ time: Int64?, _ polarity: Int64?) throws(EventFault)
        -> Event
    {
        guard let x = x.flatMap({ UInt16(exactly: $0) }), let y = y.flatMap({ UInt16(exactly: $0) }) else {
            throw .unexpected(
                found: "an event at column \(text(x)), row \(text(y))",
                expected: "whole numbers from 0 to 65535")
        }
        guard let time, let polarity else {
            throw .unexpected(
                found: "an event at time \(text(time)) of polarity \(text(polarity))",
                expected: "whole numbers")
        }
        return Event(x: x, y: y, isOn: polarity > 0, time: time)
    }

    private static func text(_ number: Int64?) -> String {
        number.map(String.init) ?? "that is no whole number"
    }
}
