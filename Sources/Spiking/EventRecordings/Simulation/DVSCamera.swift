import Compute

/// The pixels of an event camera: each compares the logarithm of its intensity with what it was at its last event.
///
/// The model of Lichtsteiner, Posch, Delbruck 2008 with what real pixels add to it (Hu, Liu, Delbruck 2021, v2e): thresholds that differ from
/// pixel to pixel, a low-pass filter that is slower in the dark, a refractory time, leak events (ON) and shot noise.
public struct DVSCamera: Sendable, Hashable, Codable {
    public var sensor: EventSensor
    /// Change of the natural logarithm of intensity that makes an ON event, and an OFF event.
    public var onThreshold: Double
    public var offThreshold: Double
    /// Standard deviation of thresholds from pixel to pixel, a fraction of them.
    public var mismatch: Double
    /// Seconds after an event in which a pixel sees nothing.
    public var refractoryTime: Double
    /// Cut-off frequency of the low-pass filter at full intensity, Hz; at other intensities in proportion.
    public var bandwidth: Double
    /// ON events a second of a pixel at rest.
    public var leakRate: Double
    /// Events a second of a pixel, ON and OFF together, by chance.
    public var noiseRate: Double

    public init(
        sensor: EventSensor = EventSensor(width: 128, height: 128), onThreshold: Double = 0.2,
        offThreshold: Double = 0.24, mismatch: Double = 0.31, refractoryTime: Double = 0.0014,
        bandwidth: Double = 170, leakRate: Double = 0.0155, noiseRate: Double = 0.004
    ) {
        (self.sensor, self.onThreshold, self.offThreshold) = (sensor, onThreshold, offThreshold)
        (self.mismatch, self.refractoryTime, self.bandwidth) = (mismatch, refractoryTime, bandwidth)
        (self.leakRate, self.noiseRate) = (leakRate, noiseRate)
    }

    /// What cannot be, nil if all can.
    public var problem: String? {
        let counts = [("width", sensor.width), ("height", sensor.height)]
        if let (name, found) = counts.first(where: { !(1...2048).contains($0.1) }) {
            return "\(name): found \(found), expected 1 to 2048"
        }
        let numbers: [(String, Double, ClosedRange<Double>)] = [
            ("on threshold", onThreshold, 0.01...10), ("off threshold", offThreshold, 0.01...10),
            ("mismatch", mismatch, 0...0.5), ("refractory time", refractoryTime, 0...1),
            ("bandwidth", bandwidth, 1...1e6), ("leak rate", leakRate, 0...1000),
            ("noise rate", noiseRate, 0...1000),
        ]
        guard let (name, found, range) = numbers.first(where: { !$0.2.contains($0.1) }) else { return nil }
        return "\(name): found \(found), expected \(range.lowerBound) to \(range.upperBound)"
    }
}
