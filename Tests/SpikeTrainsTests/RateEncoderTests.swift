import Compute
import SpikeTrains
import Testing

struct RateEncoderTests {
    private static let stream = RandomStream(seed: 0xfeed_0000_beef, purpose: .encoding, epoch: 3)

    private static func encode(
        _ encoder: RateEncoder = RateEncoder(), pixels: [UInt8], sampleIndices: [Int], stepCount: Int = 5,
        threadCount: Int = 1
    ) throws -> SpikeRaster {
        try encoder.encode(
            pixels: pixels, inputCount: pixels.count / sampleIndices.count, sampleIndices: sampleIndices,
            stepCount: stepCount, random: stream, parallelism: Parallelism(threadCount: threadCount))
    }

    private static func pixels(_ count: Int) -> [UInt8] {
        var random = RandomStream(seed: 8, purpose: .analysis).generator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    /// The addressing that the kernel documents: input i = 128 b + 32 w + 16 h + l compares its threshold with half
    /// h (0: low) of word w of the block with element 16 b + l. Computed again with the scalar stream.
    @Test(
        "the bits are those of a scalar computation, for any number of inputs",
        arguments: [1, 16, 63, 64, 65, 127, 128, 129, 784], [1.0, 0.5])
    func scalarRecomputation(inputCount: Int, ceiling: Double) throws {
        let pixels = Self.pixels(2 * inputCount)
        let samples = [0, 59_999]
        let raster = try Self.encode(
            try RateEncoder(ceiling: ceiling), pixels: pixels, sampleIndices: samples)
        for (sample, index) in samples.enumerated() {
            for step in 0..<5 {
                for input in 0..<inputCount {
                    let (block, word, half, lane) = (input / 128, input / 32 % 4, input / 16 % 2, input % 16)
                    let words = Self.stream.words(sample: index, step: step, element: 16 * block + lane)
                    let random = words[word] >> UInt32(16 * half) & 0xffff
                    let intensity = Double(pixels[sample * inputCount + input]) / 255
                    let fires = Double(random) < (min(intensity, ceiling) * 65536).rounded()
                    #expect(
                        raster[sample, step, input] == fires, "sample \(sample) step \(step) input \(input)")
                }
            }
        }
        // Nothing is set past the last input.
        let inside = (0..<2).reduce(0) { sum, sample in
            sum + (0..<5).reduce(0) { $0 + raster.activeNeurons(sample: sample, step: $1).count }
        }
        #expect(raster.spikeCount == inside)
        #expect(
            (0..<2).allSatisfy { raster.activeNeurons(sample: $0, step: 0).allSatisfy { $0 < inputCount } })
    }

    @Test("black inputs never fire; white ones always do without a ceiling, and never with a ceiling of 0")
    func extremes() throws {
        let raster = try Self.encode(pixels: [0, 255, 0, 255], sampleIndices: [7], stepCount: 200)
        for step in 0..<200 { #expect(raster.activeNeurons(sample: 0, step: step) == [1, 3]) }
        #expect(
            try Self.encode(try RateEncoder(ceiling: 0), pixels: [255], sampleIndices: [7]).spikeCount == 0)
    }

    /// 40,000 draws of each probability, bounds at 5σ.
    @Test("an input fires in proportion to its intensity up to the ceiling", arguments: [1.0, 0.5])
    func frequencies(ceiling: Double) throws {
        let pixels: [UInt8] = [1, 25, 128, 200, 254]
        let draws = 40_000
        let raster = try Self.encode(
            try RateEncoder(ceiling: ceiling), pixels: pixels, sampleIndices: [0], stepCount: draws)
        for (input, pixel) in pixels.enumerated() {
            let count = (0..<draws).count { raster[0, $0, input] }
            let probability = min(Double(pixel) / 255, ceiling)
            let deviation = (Double(draws) * probability * (1 - probability)).squareRoot()
            // Probabilities are multiples of 2⁻¹⁶: half of one is the rounding.
            let bound = 5 * deviation + Double(draws) * 0x1p-17
            #expect(abs(Double(count) - Double(draws) * probability) < bound, "pixel \(pixel)")
        }
    }

    @Test("a sample has the same spikes in whatever batch it comes and on any number of threads")
    func batchesAndThreads() throws {
        let pixels = Self.pixels(7 * 100)
        let indices = [4, 0, 3, 1, 2, 6, 5]
        let whole = try Self.encode(pixels: pixels, sampleIndices: indices)
        for threadCount in 2...4 {
            #expect(
                try Self.encode(pixels: pixels, sampleIndices: indices, threadCount: threadCount) == whole)
        }
        for (place, index) in indices.enumerated() {
            let alone = try Self.encode(
                pixels: Array(pixels[place * 100..<(place + 1) * 100]), sampleIndices: [index])
            for step in 0..<5 {
                #expect(
                    alone.activeNeurons(sample: 0, step: step)
                        == whole.activeNeurons(sample: place, step: step))
            }
        }
    }
}
