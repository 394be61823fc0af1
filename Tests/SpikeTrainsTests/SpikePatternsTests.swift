import Compute
import Testing

@testable import SpikeTrains

/// Expected values: the raster itself, asked neuron by neuron.
struct SpikePatternsTests {
    private static func raster(samples: Int, steps: Int, neurons: Int, density: Double) -> SpikeRaster {
        var random = RandomStream(seed: 31, purpose: .analysis).generator(sample: neurons)
        var raster = SpikeRaster(sampleCount: samples, stepCount: steps, neuronCount: neurons)
        for sample in 0..<samples {
            for step in 0..<steps {
                for neuron in 0..<neurons where Double.random(in: 0..<1, using: &random) < density {
                    raster[sample, step, neuron] = true
                }
            }
        }
        return raster
    }

    /// One block and several, of equal and of different lengths; ranges of samples that are full and not.
    private static let rasters = [
        raster(samples: 3, steps: 4, neurons: 1, density: 0.5),
        raster(samples: 40, steps: 5, neurons: 64, density: 0.2),
        raster(samples: 70, steps: 6, neurons: 130, density: 1),
        raster(samples: 2, steps: 3, neurons: 100, density: 0),
        raster(samples: 33, steps: 11, neurons: 65, density: 0.7),
        raster(samples: 33, steps: 1, neurons: 65, density: 0.3),
        raster(samples: 1, steps: 7, neurons: 65536, density: 0.1),
    ]

    /// The neurons that spiked in a block of steps, by pattern: bit t of a pattern is step t of the block.
    private static func patterns(
        _ raster: SpikeRaster, sample: Int, steps: Range<Int>
    ) -> [Int: [Int]] {
        var pattern = [Int](repeating: 0, count: raster.neuronCount)
        for (bit, step) in steps.enumerated() {
            for neuron in raster.activeNeurons(sample: sample, step: step) { pattern[neuron] |= 1 << bit }
        }
        return Dictionary(grouping: pattern.indices.filter { pattern[$0] != 0 }) { pattern[$0] }
    }

    private static func steps(ofBlock block: Int, _ patterns: SpikePatterns) -> Range<Int> {
        let first = block * patterns.blockLength
        return first..<first + patterns.length(ofBlock: block)
    }

    @Test("blocks of at most five steps cover all steps once")
    func blocks() {
        var patterns = SpikePatterns()
        for stepCount in 1...40 {
            patterns.list(
                SpikeRaster(sampleCount: 1, stepCount: stepCount, neuronCount: 1),
                parallelism: Parallelism(threadCount: 1))
            let steps = (0..<patterns.blockCount).flatMap { Array(Self.steps(ofBlock: $0, patterns)) }
            #expect(steps == Array(0..<stepCount))
            #expect((0..<patterns.blockCount).allSatisfy { (1...5).contains(patterns.length(ofBlock: $0)) })
        }
    }

    @Test("each pattern lists its neurons, ascending, and the memory is reused", arguments: 1...3)
    func lists(threadCount: Int) {
        var patterns = SpikePatterns()
        for raster in Self.rasters {
            patterns.list(raster, parallelism: Parallelism(threadCount: threadCount))
            for sample in 0..<raster.sampleCount {
                for block in 0..<patterns.blockCount {
                    let expected = Self.patterns(
                        raster, sample: sample, steps: Self.steps(ofBlock: block, patterns))
                    let first = (sample * patterns.blockCount + block) * patterns.startsPerBlock
                    for pattern in 1..<1 << patterns.length(ofBlock: block) {
                        let places = patterns.starts[first + pattern]..<patterns.starts[first + pattern + 1]
                        let list = places.map { Int(patterns.inputs[Int($0)]) }
                        if list != expected[pattern, default: []] {
                            Issue.record("sample \(sample) block \(block) pattern \(pattern): \(list)")
                        }
                    }
                }
            }
        }
    }

    @Test("each neuron lists the samples and patterns in which it fired, ascending", arguments: 1...3)
    func transposed(threadCount: Int) {
        let parallelism = Parallelism(threadCount: threadCount)
        var patterns = SpikePatterns()
        var transposed = TransposedPatterns()
        for raster in Self.rasters {
            patterns.list(raster, parallelism: parallelism)
            transposed.transpose(
                patterns, sampleCount: raster.sampleCount, inputCount: raster.neuronCount,
                parallelism: parallelism)
            for range in 0..<transposed.rangeCount {
                for block in 0..<patterns.blockCount {
                    let patternCount = 1 << patterns.length(ofBlock: block)
                    var expected = [[Int]](repeating: [], count: raster.neuronCount)
                    let first = range * TransposedPatterns.samplesPerRange
                    let end = min(first + TransposedPatterns.samplesPerRange, raster.sampleCount)
                    for sample in first..<end {
                        let own = Self.patterns(
                            raster, sample: sample, steps: Self.steps(ofBlock: block, patterns))
                        for (pattern, neurons) in own {
                            for neuron in neurons {
                                expected[neuron].append((sample - first) * patternCount + pattern)
                            }
                        }
                    }
                    let part = (range * patterns.blockCount + block) * (raster.neuronCount + 1)
                    for neuron in expected.indices {
                        let places =
                            transposed.positions[part + neuron]..<transposed.positions[part + neuron + 1]
                        let list = places.map { Int(transposed.entries[Int($0)]) }
                        if list != expected[neuron] { Issue.record("neuron \(neuron): \(list)") }
                    }
                }
            }
        }
    }
}
