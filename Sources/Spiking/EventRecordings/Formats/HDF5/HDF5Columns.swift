import HDF5Files

/// Events as the arrays of an HDF5 file.
struct HDF5Columns: Sendable {
    private var x: [UInt16] = []
    private var y: [UInt16] = []
    private var times: [Int64] = []
    private var polarities: [UInt8] = []

    /// Events that are compressed together.
    private static let chunk = 1 << 16

    mutating func append(_ event: Event) {
        x.append(event.x)
        y.append(event.y)
        times.append(event.time)
        polarities.append(event.isOn ? 1 : 0)
    }

    func outputs(_ sensor: EventSensor?) -> [HDF5Output] {
        let layout: HDF5Output.Layout = x.isEmpty ? .contiguous : .chunked([min(x.count, Self.chunk)])
        let arrays: [HDF5Output] = [
            .numbers("events/x", "u2", [x.count], x, layout),
            .numbers("events/y", "u2", [y.count], y, layout),
            .numbers("events/t", "i8", [times.count], times, layout),
            .numbers("events/p", "u1", [polarities.count], polarities, layout),
        ]
        guard let sensor else { return arrays }
        return arrays + [
            .attribute("width", of: "events", sensor.width),
            .attribute("height", of: "events", sensor.height),
        ]
    }
}
