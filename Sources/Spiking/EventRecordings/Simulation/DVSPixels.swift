import Compute
import Glibc

/// A rectangle of a sensor.
struct PixelRegion: Sendable {
    let columns: Range<Int>
    let rows: Range<Int>

    var count: Int { columns.count * rows.count }

    func contains(x: Int, y: Int) -> Bool { columns.contains(x) && rows.contains(y) }
}

/// A camera at work on one scene: the state of its pixels. They are those of a region, row after row; of the others, which see nothing
/// change, there are leak and noise.
struct DVSPixels {
    /// What makes events of a pixel, each a change of the logarithm of intensity.
    struct Thresholds: Sendable {
        let on: Float
        let off: Float
    }

    private let camera: DVSCamera
    private let region: PixelRegion
    private let thresholds: [Thresholds]
    /// The logarithm of intensity behind the low-pass filter.
    private var filtered: [Float]
    /// The same at the last event.
    private var reference: [Float]
    /// When the pixel sees again, in seconds.
    private var wakesAt: [Double]
    private var noise: RandomWalk
    /// Seconds from scene to scene.
    private let step: Double
    private var stepCount = 0

    /// - Parameters:
    ///   - first: the intensity of each pixel of the region at time 0, above 0, 1 at the most.
    ///   - thresholds: of all pixels of the camera.
    init(
        _ camera: DVSCamera, region: PixelRegion, first: [Float], thresholds: [Thresholds], step: Double,
        noise: RandomWalk
    ) {
        (self.camera, self.region, self.noise, self.step) = (camera, region, noise, step)
        self.thresholds = region.rows.flatMap { row in
            region.columns.map { thresholds[row * camera.sensor.width + $0] }
        }
        filtered = first.map { logf($0) }
        reference = filtered
        wakesAt = [Double](repeating: 0, count: first.count)
    }

    static func thresholds(_ camera: DVSCamera, seed: UInt64) -> [Thresholds] {
        var random = RandomStream(seed: seed, purpose: .simulation).generator()
        func factor() -> Double {
            // Box–Muller; no threshold comes near 0.
            let (u, v) = (
                Double.random(in: 1e-6..<1, using: &random), Double.random(in: 0..<1, using: &random)
            )
            return max(0.1, 1 + camera.mismatch * (-2 * log(u)).squareRoot() * cos(2 * .pi * v))
        }
        return (0..<camera.sensor.width * camera.sensor.height).map { _ in
            Thresholds(on: Float(camera.onThreshold * factor()), off: Float(camera.offThreshold * factor()))
        }
    }

    /// Goes on by a step, within which the filtered intensity changes evenly, and appends the events in the order of time.
    mutating func advance(_ intensities: [Float], into events: inout [Event]) {
        let first = events.count
        let leak = Float(camera.leakRate * step)
        let rate = Float(2 * Double.pi * camera.bandwidth * step)
        for pixel in intensities.indices {
            let before = filtered[pixel]
            // The photoreceptor is as fast as it is bright. An implicit step, which is stable whatever the rate.
            let speed = rate * intensities[pixel]
            let after = before + (logf(intensities[pixel]) - before) * speed / (1 + speed)
            filtered[pixel] = after
            reference[pixel] -= leak * thresholds[pixel].on
            let change = after - reference[pixel]
            if change >= thresholds[pixel].on || change <= -thresholds[pixel].off || wakesAt[pixel] > 0 {
                addEvents(of: pixel, from: before, into: &events)
            }
        }
        addNoise(into: &events)
        stepCount += 1
        events[first...].sort { ($0.time, $0.y, $0.x) < ($1.time, $1.y, $1.x) }
    }

    private mutating func addEvents(of pixel: Int, from before: Float, into events: inout [Event]) {
        let start = Double(stepCount) * step
        let slope = (filtered[pixel] - before) / Float(step)
        // Seconds from the beginning of the step.
        var awake = max(Float(wakesAt[pixel] - start), 0)
        if wakesAt[pixel] > 0 {
            guard awake <= Float(step) else { return }
            // What it compares with is what it sees when it wakes up.
            reference[pixel] = before + awake * slope
            wakesAt[pixel] = 0
        }
        let (on, off) = (thresholds[pixel].on, thresholds[pixel].off)
        while true {
            let change = filtered[pixel] - reference[pixel]
            guard change >= on || change <= -off else { return }
            let level = reference[pixel] + (change > 0 ? on : -off)
            let moment = slope == 0 ? Float(step) : min(max((level - before) / slope, awake), Float(step))
            let (row, column) = pixel.quotientAndRemainder(dividingBy: region.columns.count)
            events.append(
                Event(
                    x: UInt16(region.columns.lowerBound + column), y: UInt16(region.rows.lowerBound + row),
                    isOn: change > 0, time: Self.microseconds(start + Double(moment))))
            awake = moment + Float(camera.refractoryTime)
            reference[pixel] = level
            guard camera.refractoryTime > 0 else { continue }
            guard awake < Float(step) else {
                wakesAt[pixel] = start + Double(awake)
                return
            }
            reference[pixel] = before + awake * slope
        }
    }

    /// Shot noise everywhere, and the leak of the pixels that see nothing change.
    private mutating func addNoise(into events: inout [Event]) {
        let (start, end) = (Double(stepCount) * step, Double(stepCount + 1) * step)
        let sensor = camera.sensor
        for (rate, isLeak) in [(camera.noiseRate, false), (camera.leakRate, true)] where rate > 0 {
            var moment = start
            let total = rate * Double(sensor.width * sensor.height)
            while true {
                moment -= log(Double.random(in: 1e-12..<1, using: &noise)) / total
                guard moment < end else { break }
                let x = Int.random(in: 0..<sensor.width, using: &noise)
                let y = Int.random(in: 0..<sensor.height, using: &noise)
                if isLeak, region.contains(x: x, y: y) { continue }
                let isOn = isLeak || Bool.random(using: &noise)
                events.append(
                    Event(x: UInt16(x), y: UInt16(y), isOn: isOn, time: Self.microseconds(moment)))
            }
        }
    }

    private static func microseconds(_ seconds: Double) -> Int64 { Int64((seconds * 1e6).rounded(.down)) }
}
