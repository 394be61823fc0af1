/// One event of an event camera: a pixel whose brightness passed a threshold.
public struct Event: Sendable, Hashable {
    /// In microseconds.
    public var time: Int64
    /// Column, from the left as the file has it.
    public var x: UInt16
    /// Row, from the top as the file has it.
    public var y: UInt16
    /// Whether it became brighter.
    public var isOn: Bool

    public init(x: UInt16, y: UInt16, isOn: Bool, time: Int64) {
        self.time = time
        self.x = x
        self.y = y
        self.isOn = isOn
    }
}

/// The pixels of an event camera.
public struct EventSensor: Sendable, Hashable, Codable {
    public var width: Int
    public var height: Int

    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// What a header says; nil for sides that no events can fill, which a header may say by mistake.
    init?(ofHeader width: Int?, _ height: Int?) {
        guard let width, let height, 1...65536 ~= width, 1...65536 ~= height else { return nil }
        self.init(width: width, height: height)
    }

    /// Pixels of a sensor of which something is kept one by one, at most.
    public static let largestTable = 1 << 22

    /// Whether something can be kept of each pixel: sensors are as large as events reach, and those of a damaged file reach far.
    var hasTable: Bool {
        let (count, overflow) = width.multipliedReportingOverflow(by: height)
        return !overflow && count <= Self.largestTable
    }

    /// What is wrong with one that has none, and what to do.
    var excess: String {
        "found a sensor of \(width) × \(height) pixels, expected at most \(Self.largestTable) in all; crop or downsample"
    }

    /// Whether an event lies on it.
    public func contains(_ event: Event) -> Bool { Int(event.x) < width && Int(event.y) < height }
}
