import Compute

/// A part of a recording: times count from its first event, which is at 0.
public struct TimeWindow: EventTransform {
    public static let name = "window"
    public static let form = "TIME[+START], as 500ms or 100ms+300ms"

    let duration: TimeSpan
    let start: TimeSpan

    public init?(_ value: Substring) {
        let parts = value.split(separator: "+", omittingEmptySubsequences: false).map { TimeSpan($0) }
        guard let duration = parts[0], duration.microseconds > 0, parts.count <= 2,
            let start = parts.count == 2 ? parts[1] : TimeSpan(microseconds: 0)
        else { return nil }
        (self.duration, self.start) = (duration, start)
    }

    public var value: String { start.microseconds > 0 ? "\(duration)+\(start)" : "\(duration)" }

    public func filter(_ sensor: EventSensor, random: RandomWalk) -> any EventFilter {
        Filter(range: start.microseconds..<start.microseconds + duration.microseconds)
    }

    private struct Filter: EventFilter {
        let range: Range<Int64>
        var first: Int64?

        mutating func passes(_ event: inout Event) -> Bool {
            let origin = first ?? event.time
            first = origin
            return range.contains(event.time &- origin)
        }
    }
}
