import Compute

/// Makes recordings of images.
public struct DVSSimulator: Sendable {
    public let setup: DVSSetup
    private let thresholds: [DVSPixels.Thresholds]
    private let seed: UInt64

    /// Seconds between two pictures of the scene; between them intensities change evenly.
    static let step = 0.001

    /// - Parameter seed: of the camera's thresholds and of the noise.
    public init(_ setup: DVSSetup = DVSSetup(), seed: UInt64) {
        (self.setup, self.seed) = (setup, seed)
        thresholds = DVSPixels.thresholds(setup.camera, seed: seed)
    }

    /// The recording of one image.
    ///
    /// - Parameters:
    ///   - pixels: intensities, row after row.
    ///   - sample: number of the image; the address of its random numbers.
    public func recording(of pixels: [UInt8], width: Int, height: Int, sample: Int) -> EventRecording {
        precondition(pixels.count == width * height, "\(pixels.count) pixels for \(width) × \(height)")
        var start = RandomStream(seed: seed, purpose: .simulation, population: 1).generator(sample: sample)
        // Recordings begin anywhere on the way.
        let motion = setup.motion
        let offset = Double.random(in: 0..<motion.period, using: &start)
        var screen = Screen(pixels, width: width, height: height, motion, setup.camera.sensor, at: offset)
        var camera = DVSPixels(
            setup.camera, region: screen.region, first: screen.intensities, thresholds: thresholds,
            step: Self.step,
            noise: RandomStream(seed: seed, purpose: .simulation, population: 2).generator(sample: sample))
        var events: [Event] = []
        for step in 1...max(1, Int((motion.duration / Self.step).rounded())) {
            screen.advance(to: offset + Double(step) * Self.step, by: Self.step)
            camera.advance(screen.intensities, into: &events)
        }
        return EventRecording(events: events, sensor: setup.camera.sensor)
    }
}
