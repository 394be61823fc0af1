import Compute

/// Squares of so many pixels become one; no event is lost. What is left over at the right and at the bottom is a smaller square.
public struct Downsampling: EventTransform {
    public static let name = "downsample"
    public static let form = "F, pixels of a side, 1 to 1024"

    let factor: Int

    public init?(_ value: Substring) {
        guard let factor = pixelCount(value), (1...1024).contains(factor) else { return nil }
        self.factor = factor
    }

    public var value: String { "\(factor)" }

    public func sensor(after sensor: EventSensor) -> EventSensor? {
        EventSensor(
            width: (sensor.width + factor - 1) / factor, height: (sensor.height + factor - 1) / factor)
    }

    public func filter(_ sensor: EventSensor, random: RandomWalk) -> any EventFilter {
        Filter(factor: UInt16(factor))
    }

    private struct Filter: EventFilter {
        let factor: UInt16

        func passes(_ event: inout Event) -> Bool {
            event.x /= factor
            event.y /= factor
            return true
        }
    }
}
