import Glibc

/// An image that moves slowly on a screen before a camera, as the digits of MNIST-DVS did: from side to side, and up and down twice as often.
public struct MovingImage: Sendable, Hashable, Codable {
    /// Pixels of the camera for each of the image.
    public var scale: Double
    /// Slope of brightness at edges, as a multiple of that between the pixels of the image; what goes beyond black and white is cut.
    public var sharpness: Double
    /// Of the way, pixels of the camera to each side.
    public var reach: Double
    /// Of the way, pixels of the camera up and down.
    public var height: Double
    /// Seconds of one way forth and back.
    public var period: Double
    /// Seconds of a recording.
    public var duration: Double
    /// Natural logarithm of the ratio of the brightest to the darkest intensity on the screen.
    public var contrast: Double
    /// Time constant of the screen's pixels, in seconds.
    public var responseTime: Double
    /// Pictures a second of the screen, which it draws from the upper to the lower edge of the camera's view.
    public var refreshRate: Double

    public init(
        scale: Double = 1.2, sharpness: Double = 5, reach: Double = 5.6, height: Double = 1.4,
        period: Double = 1.25, duration: Double = 2.2, contrast: Double = 1.37, responseTime: Double = 0.0012,
        refreshRate: Double = 75
    ) {
        (self.scale, self.sharpness) = (scale, sharpness)
        (self.reach, self.height, self.period) = (reach, height, period)
        (self.duration, self.contrast) = (duration, contrast)
        (self.responseTime, self.refreshRate) = (responseTime, refreshRate)
    }

    /// What cannot be, nil if all can.
    public var problem: String? {
        let numbers: [(String, Double, ClosedRange<Double>)] = [
            ("scale", scale, 0.1...100), ("sharpness", sharpness, 0.1...100), ("reach", reach, 0...1000),
            ("height", height, 0...1000), ("period", period, 0.01...1000),
            ("duration", duration, 0.001...1000),
            ("contrast", contrast, 0.01...20), ("response time", responseTime, 0...1),
            ("refresh rate", refreshRate, 1...1000),
        ]
        guard let (name, found, range) = numbers.first(where: { !$0.2.contains($0.1) }) else { return nil }
        return "\(name): found \(found), expected \(range.lowerBound) to \(range.upperBound)"
    }

    /// Where the middle of the image is.
    func place(at time: Double) -> SIMD2<Double> {
        let phase = 2 * Double.pi * time / period
        return SIMD2(reach * sin(phase), -height * cos(2 * phase))
    }
}
