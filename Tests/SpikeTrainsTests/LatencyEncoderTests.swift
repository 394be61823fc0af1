import Compute
import SpikeTrains
import Testing

@Suite("Latency encoding")
struct LatencyEncoderTests {
    private let random = RandomStream(seed: 1, purpose: .encoding)

    private func encode(_ pixels: [UInt8], samples: Int = 1, steps: Int) throws -> SpikeRaster {
        try LatencyEncoder().encode(
            pixels: pixels, inputCount: pixels.count / samples, sampleIndices: Array(0..<samples),
            stepCount: steps, random: random, parallelism: Parallelism(threadCount: 1))
    }

    @Test("every lit input fires exactly once, a dark one never", arguments: [1, 2, 5, 80, 255, 256, 1000])
    func oneSpike(steps: Int) throws {
        let raster = try encode((0...255).map { UInt8($0) }, steps: steps)
        for input in 0...255 {
            let spikes = (0..<steps).filter { raster[0, $0, input] }
            #expect(spikes.count == (input == 0 ? 0 : 1), "intensity \(input), T = \(steps)")
        }
    }

    @Test("a brighter input never fires after a darker one", arguments: [2, 5, 80])
    func order(steps: Int) throws {
        let times = try (1...255).map {
            try #require(LatencyEncoder.step(forIntensity: UInt8($0), stepCount: steps))
        }
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 >= $1 })
        #expect(times.last == 0 && times.first == steps - 1)
    }

    // By hand from t(v) = ⌊(255 − v)·T / 255⌋ with T = 5: 204 is the last intensity with 255 − v ≥ 51.
    @Test("the steps follow the stated formula")
    func formula() throws {
        let expected: [(UInt8, Int)] = [(255, 0), (205, 0), (204, 1), (128, 2), (51, 4), (1, 4)]
        for (intensity, step) in expected {
            #expect(LatencyEncoder.step(forIntensity: intensity, stepCount: 5) == step, "\(intensity)")
        }
    }

    @Test("samples lie one after the other, also where a row is more than one word")
    func layout() throws {
        var pixels = [UInt8](repeating: 0, count: 2 * 100)
        pixels[70] = 255
        pixels[100 + 99] = 1
        let raster = try encode(pixels, samples: 2, steps: 3)
        #expect(raster.spikeCount == 2)
        #expect(raster[0, 0, 70] && raster[1, 2, 99])
    }
}
