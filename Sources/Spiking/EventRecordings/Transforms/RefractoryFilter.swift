import Compute

/// After an event that passes, a pixel is deaf for a time.
public struct RefractoryFilter: EventTransform {
    public static let name = "refractory"
    public static let form = "TIME, as 1ms"

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
        var last: PixelTimes

        mutating func passes(_ event: inout Event) -> Bool {
            if let before = last[Int(event.x), Int(event.y)], event.time &- before < time { return false }
            last[Int(event.x), Int(event.y)] = event.time
            return true
        }
    }
}
