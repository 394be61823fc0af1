import Compute
import Testing

@testable import EventRecordings

/// A scene that changes as asked for, seen by a camera without mismatch and noise.
struct DVSSimulatorTests {
    private static let exact = DVSCamera(
        sensor: EventSensor(width: 2, height: 1), onThreshold: 0.25, offThreshold: 0.5, mismatch: 0,
        refractoryTime: 0, bandwidth: 1e6, leakRate: 0, noiseRate: 0)

    private static let step = 0.001

    /// Events of intensities, a millisecond apart; the first pixel follows them, the second one stays at 1.
    private func events(_ camera: DVSCamera, _ intensities: [Float]) -> [Event] {
        var pixels = DVSPixels(
            camera, region: PixelRegion(columns: 0..<2, rows: 0..<1), first: [intensities[0], 1],
            thresholds: DVSPixels.thresholds(camera, seed: 3), step: Self.step,
            noise: RandomStream(seed: 3, purpose: .simulation).generator())
        var events: [Event] = []
        for intensity in intensities.dropFirst() { pixels.advance([intensity, 1], into: &events) }
        return events
    }

    // exp(0.8 n): three crossings of 0.25 in a step, at 0.25/0.8 and so on of it, and 0.05 left over.
    @Test("an event whenever the logarithm of intensity has changed by the threshold")
    func crossings() {
        let rising = events(Self.exact, [0.2, 0.2 * 2.2255409, 0.2 * 2.2255409 * 2.2255409])
        #expect(rising.allSatisfy { $0.isOn && $0.x == 0 })
        let expected = (1...6).map { 1000 * 0.25 * Double($0) / 0.8 }
        #expect(rising.count == 6)
        for (event, time) in zip(rising, expected) { #expect(abs(Double(event.time) - time) < 3) }
        let falling = events(Self.exact, [1, 0.36, 0.36])
        #expect(falling.map(\.isOn) == [false, false])
    }

    @Test("a pixel sees nothing for the refractory time, and begins anew with what it sees then")
    func refractory() {
        var camera = Self.exact
        camera.refractoryTime = 0.0005
        // 0.3125 ms to the first, then deaf till 0.8125 ms; the next 0.25 are passed 0.3125 ms later, and once more.
        let times = events(camera, [0.2, 0.2 * 2.2255409, 0.2 * 2.2255409 * 2.2255409]).map(\.time)
        #expect(times.count == 3)
        for (time, expected) in zip(times, [312.5, 1125, 1937.5]) {
            #expect(abs(Double(time) - expected) < 3)
        }
        camera.refractoryTime = 1
        #expect(events(camera, [0.01, 0.1, 1, 0.1]).count == 1)
    }

    @Test("the low-pass filter is slower in the dark")
    func bandwidth() {
        var camera = Self.exact
        camera.bandwidth = 50
        func count(_ level: Float) -> Int {
            events(camera, [level / 4] + Array(repeating: level, count: 4)).count
        }
        #expect(count(1) > count(0.05) && count(0.05) >= 0 && count(1) < 5)
    }

    // 5 σ of counts of about 1000.
    @Test("leak makes ON events, noise both, as often as they should")
    func noise() {
        var camera = DVSCamera(
            sensor: EventSensor(width: 40, height: 40), mismatch: 0, leakRate: 0, noiseRate: 1)
        func events() -> [Event] {
            DVSSimulator(
                DVSSetup(camera: camera, motion: MovingImage(scale: 1, reach: 0, height: 0, duration: 0.625)),
                seed: 1
            )
            .recording(of: [0, 0, 0, 0], width: 2, height: 2, sample: 0).events
        }
        let noise = events()
        #expect(abs(noise.count - 1000) < 160 && abs(noise.count { $0.isOn } - noise.count / 2) < 80)
        (camera.noiseRate, camera.leakRate) = (0, 1)
        let leak = events()
        #expect(abs(leak.count - 1000) < 160 && leak.allSatisfy(\.isOn))
    }

    @Test("recordings are those of the seed and the sample, ordered by time and within the sensor")
    func addresses() {
        let image = (0..<64).map { UInt8($0 % 8 > 3 ? 255 : 0) }
        func recording(_ seed: UInt64, _ sample: Int) -> EventRecording {
            DVSSimulator(DVSSetup(motion: MovingImage(duration: 0.5)), seed: seed)
                .recording(of: image, width: 8, height: 8, sample: sample)
        }
        let first = recording(1, 0)
        #expect(first.events.count > 200)
        #expect(first.events == recording(1, 0).events)
        #expect(first.events != recording(1, 1).events && first.events != recording(2, 0).events)
        #expect(zip(first.events, first.events.dropFirst()).allSatisfy { $0.time <= $1.time })
        #expect(first.events.allSatisfy { first.sensor.contains($0) && (0..<500_000).contains($0.time) })
        // The image is in the middle, and most events are.
        let middle = first.events.count { abs(Int($0.x) - 64) < 16 && abs(Int($0.y) - 64) < 16 }
        #expect(middle > first.events.count / 2)
    }

    @Test("larger on the screen is larger on the sensor")
    func scales() {
        let image = [UInt8](repeating: 255, count: 16)
        let widths = DVSSetup.scales.map { scale in
            var setup = DVSSetup(scale: scale)
            (setup.camera.leakRate, setup.camera.noiseRate) = (0, 0)
            let events = DVSSimulator(setup, seed: 1).recording(of: image, width: 4, height: 4, sample: 0)
                .events
            return (events.map(\.x).max() ?? 0) - (events.map(\.x).min() ?? 0)
        }
        #expect(widths[0] < widths[1] && widths[1] < widths[2])
    }

    @Test("what cannot be is told")
    func problems() {
        #expect(DVSSetup().problem == nil)
        var setup = DVSSetup()
        setup.camera.mismatch = .nan
        #expect(setup.problem == "mismatch: found nan, expected 0.0 to 0.5")
        setup = DVSSetup()
        setup.motion.refreshRate = 0
        #expect(setup.problem == "refresh rate: found 0.0, expected 1.0 to 1000.0")
    }
}
