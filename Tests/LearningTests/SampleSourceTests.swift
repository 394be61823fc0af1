import Compute
import SpikeDatasets
import SpikeTrains
import Testing

@testable import Learning

struct SampleSourceTests {
    private static let random = RandomStream(seed: 4, purpose: .encoding)

    private static func input(_ source: some SampleSource, _ indices: [Int], steps: Int) throws -> SpikeRaster
    {
        let batch = try source.batch(
            indices, stepCount: steps, random: random, parallelism: Parallelism(threadCount: 1))
        guard case .spikes(let raster) = batch.input else {
            throw LearningError.samples(name: source.name, problem: "the input is no spikes")
        }
        return raster
    }

    /// 2,000 samples of 3 steps: 5σ of a frequency is 0.056 at most.
    @Test("a series fires at each step with the probability of its value, from 0 to 1 over its range")
    func series() throws {
        let values: [Float] = [-3, -1, 0, 1, 2, 5]
        let probabilities = [0, 0.25, 0.375, 0.5, 0.625, 1]
        let source = try ArraySamples(
            series: [[Float]](repeating: values, count: 2000).flatMap { $0 }, inputCount: 2, stepCount: 3,
            range: -3...5, targets: .values(TargetValues([Float](repeating: 0, count: 2000))))
        #expect(source.count == 2000)
        #expect(
            source.shape
                == SampleShape(
                    inputCount: 2, stepCount: 3, targets: .values(outputCount: 1, steps: nil)))
        let raster = try Self.input(source, Array(0..<2000), steps: 3)
        for (place, probability) in probabilities.enumerated() {
            let fired = (0..<2000).count { raster[$0, place / 2, place % 2] }
            #expect(abs(Double(fired) / 2000 - probability) < 0.056, "value \(values[place])")
        }
    }

    @Test("a sample has the same spikes in whatever batch it comes")
    func batches() throws {
        let series = (0..<1400).map { index -> Float in Float(index % 11) / 11 }
        let targets = Targets.classes([0, 1, 2, 3, 4])
        let sources = [
            try ArraySamples(
                series: series, inputCount: 70, stepCount: 4, targets: targets, classCount: 5),
            try ArraySamples(
                pixels: series.prefix(5 * 70).map { UInt8(255 * $0) }, inputCount: 70, encoder: RateEncoder(),
                targets: targets, classCount: 5),
            try ArraySamples(
                spikes: SpikeExamples.raster(samples: 5, steps: 4, neurons: 70, seed: 3), targets: targets,
                classCount: 5),
        ]
        for source in sources {
            let together = try Self.input(source, [3, 0, 4], steps: 4)
            for (place, index) in [3, 0, 4].enumerated() {
                let alone = try source.batch(
                    [index], stepCount: 4, random: Self.random, parallelism: Parallelism(threadCount: 1))
                let spikes = try Self.input(source, [index], steps: 4)
                for step in 0..<4 {
                    #expect(
                        spikes.activeNeurons(sample: 0, step: step)
                            == together.activeNeurons(sample: place, step: step))
                }
                guard case .classes([index]) = alone.targets else {
                    Issue.record("the target goes with the sample")
                    continue
                }
            }
        }
    }

    @Test("pixels in an array are encoded as those of a data set")
    func pixels() throws {
        let pixels = (0..<3 * 8).map { UInt8($0 * 10) }
        let images = try ImageDataset(
            name: "images", width: 4, height: 2, classNames: ["a", "b"], pixels: pixels, labels: [0, 1, 1])
        let arrays = try ArraySamples(
            pixels: pixels, inputCount: 8, encoder: RateEncoder(), targets: .classes([0, 1, 1]),
            classCount: 2)
        #expect(
            try Self.input(arrays, [2, 1], steps: 6)
                == Self.input(ImageSamples(images, encoder: RateEncoder()), [2, 1], steps: 6))
    }

    @Test("arrays that do not fit together are refused with their sizes")
    func sizes() throws {
        func problem(_ make: () throws -> ArraySamples) -> String? {
            do {
                _ = try make()
                return nil
            } catch {
                return "\(error)"
            }
        }
        let two = Targets.values(TargetValues([0, 1]))
        #expect(
            problem {
                try ArraySamples(series: [1, 2, 3, 4, 5], inputCount: 2, stepCount: 2, targets: two)
            } == "samples series: found 5 numbers, expected a multiple of 2 inputs × 2 steps")
        #expect(
            problem {
                try ArraySamples(series: [1, 2, 3, 4], inputCount: 2, stepCount: 2, targets: two)
            } == "samples series: targets: found 2 samples, expected 1 as the inputs have")
        #expect(
            problem {
                try ArraySamples(series: [1, .nan], inputCount: 1, stepCount: 1, targets: two)
            }?.contains("found nan at element 1") == true)
        #expect(
            problem {
                try ArraySamples(
                    pixels: [1, 2], inputCount: 1, encoder: RateEncoder(), targets: .classes([0, 2]),
                    classCount: 2)
            }?.contains("found class 2, expected one below 2") == true)
    }
}
