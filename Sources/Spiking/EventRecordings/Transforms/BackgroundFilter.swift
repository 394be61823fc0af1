import Compute

/// An event passes if one of the eight pixels around it had one shortly before: noise comes alone (Delbruck 2008).
public struct BackgroundFilter: EventTransform {
    public static let name = "background"
    public static let form = "TIME within which a neighbour had an event, as 5ms"

    let time: TimeSpan

    public init?(_ value: Substring) {
        guard let time = TimeSpan(value) else { return nil }
        self.time = time
    }

    public var value: String { "\(time)" }
    public var remembersPixels: Bool { true }

    public func filter(_ sensor: EventSensor, random: RandomWalk) -> any EventFilter {
        Filter(time: time.microseconds, last: PixelTimes(sensor))
    }

    private struct Filter: EventFilter {
        let time: Int64
        /// Of all events that came, those taken away too.
        var last: PixelTimes

        mutating func passes(_ event: inout Event) -> Bool {
            let (x, y) = (Int(event.x), Int(event.y))
            defer { last[x, y] = event.time }
            for row in y - 1...y + 1 {
                for column in x - 1...x + 1 where (column, row) != (x, y) {
                    if let before = last[column, row], event.time &- before <= time { return true }
                }
            }
            return false
        }
    }
}
