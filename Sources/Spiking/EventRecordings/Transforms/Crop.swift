import Compute

/// A rectangle of the sensor; its upper left pixel becomes the first.
public struct Crop: EventTransform {
    public static let name = "crop"
    public static let form = "WxH[+X+Y], pixels; in the middle of the sensor without X and Y"

    let size: EventSensor
    let corner: SIMD2<Int>?

    public init?(_ value: Substring) {
        let parts = value.split(separator: "+", omittingEmptySubsequences: false)
        let sides = parts[0].split(separator: "x", omittingEmptySubsequences: false).map { pixelCount($0) }
        guard sides.count == 2, let width = sides[0], let height = sides[1], width > 0, height > 0 else {
            return nil
        }
        size = EventSensor(width: width, height: height)
        switch parts.count {
        case 1: corner = nil
        case 3:
            guard let x = pixelCount(parts[1]), let y = pixelCount(parts[2]) else { return nil }
            corner = SIMD2(x, y)
        default: return nil
        }
    }

    public var value: String {
        "\(size.width)x\(size.height)" + (corner.map { "+\($0.x)+\($0.y)" } ?? "")
    }

    public func sensor(after sensor: EventSensor) -> EventSensor? {
        let corner = corner(in: sensor)
        guard corner.x >= 0, corner.y >= 0, corner.x + size.width <= sensor.width,
            corner.y + size.height <= sensor.height
        else { return nil }
        return size
    }

    private func corner(in sensor: EventSensor) -> SIMD2<Int> {
        corner ?? SIMD2((sensor.width - size.width) / 2, (sensor.height - size.height) / 2)
    }

    public func filter(_ sensor: EventSensor, random: RandomWalk) -> any EventFilter {
        Filter(size: size, corner: corner(in: sensor))
    }

    private struct Filter: EventFilter {
        let size: EventSensor
        let corner: SIMD2<Int>

        func passes(_ event: inout Event) -> Bool {
            event.move(by: SIMD2(-corner.x, -corner.y), within: size)
        }
    }
}

extension Event {
    /// Moves it.
    ///
    /// - Returns: whether it is still on the sensor; it is not moved otherwise.
    mutating func move(by shift: SIMD2<Int>, within sensor: EventSensor) -> Bool {
        let (column, row) = (Int(x) + shift.x, Int(y) + shift.y)
        guard column >= 0, row >= 0, column < sensor.width, row < sensor.height else { return false }
        (x, y) = (UInt16(column), UInt16(row))
        return true
    }
}
