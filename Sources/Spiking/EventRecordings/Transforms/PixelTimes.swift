/// When each pixel had its last event.
struct PixelTimes {
    private let sensor: EventSensor
    private var times: [Int64]

    init(_ sensor: EventSensor) {
        self.sensor = sensor
        times = Array(repeating: .min, count: sensor.width * sensor.height)
    }

    /// nil before the first event, and beside the sensor.
    subscript(x: Int, y: Int) -> Int64? {
        get {
            guard x >= 0, y >= 0, x < sensor.width, y < sensor.height else { return nil }
            let time = times[y * sensor.width + x]
            return time == .min ? nil : time
        }
        set {
            guard x >= 0, y >= 0, x < sensor.width, y < sensor.height, let newValue else { return }
            times[y * sensor.width + x] = newValue
        }
    }
}
