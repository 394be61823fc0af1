import Compute

/// Left and right change places, or top and bottom, or columns and rows.
public struct Flip: EventTransform {
    public static let name = "flip"
    public static let form = Axis.allCases.map(\.rawValue).joined(separator: "|")

    enum Axis: String, CaseIterable {
        case x, y, transpose
    }

    let axis: Axis

    public init?(_ value: Substring) {
        guard let axis = Axis(rawValue: String(value)) else { return nil }
        self.axis = axis
    }

    public var value: String { axis.rawValue }

    public func sensor(after sensor: EventSensor) -> EventSensor? {
        axis == .transpose ? EventSensor(width: sensor.height, height: sensor.width) : sensor
    }

    public func filter(_ sensor: EventSensor, random: RandomWalk) -> any EventFilter {
        Filter(axis: axis, sensor: sensor)
    }

    struct Filter: EventFilter {
        let axis: Axis
        let sensor: EventSensor

        func passes(_ event: inout Event) -> Bool {
            switch axis {
            case .x: event.x = UInt16(sensor.width - 1 - Int(event.x))
            case .y: event.y = UInt16(sensor.height - 1 - Int(event.y))
            case .transpose: (event.x, event.y) = (event.y, event.x)
            }
            return true
        }
    }
}
