import Compute
import Foundation
import Testing

@testable import Neurons

/// Bits and shots; that the exact numbers are the right ones is for `NeuronCheckTests`.
struct QLIFKernelTests {
    static let stepCount = 11
    static let sampleCount = 3

    private static func makeRun(
        neuronCount: Int, sampleCount: Int = sampleCount, stepCount: Int = stepCount,
        settings: QLIFSettings, seed: UInt64 = 6
    ) -> MembraneRun {
        var random = RandomStream(seed: seed, purpose: .analysis).generator(sample: neuronCount)
        let rows = sampleCount * stepCount
        var currents = [Float](repeating: 0, count: 2 * rows * tileWidth)
        for lane in 0..<neuronCount {
            for row in 0..<rows {
                currents[row * tileWidth + lane] = Float.random(in: -0.4...0.7, using: &random)
                currents[(rows + row) * tileWidth + lane] = Float.random(in: -1...1, using: &random)
            }
        }
        return MembraneRun(
            currents: AlignedBuffer(currents), instruments: AlignedBuffer(repeating: 0, count: 0),
            neuronCount: neuronCount, channelCount: 2, sampleCount: sampleCount, stepCount: stepCount,
            carriedSize: QLIFSettings.carriedSize,
            randomWordCount: settings.randomWords(stepCount: stepCount),
            scratchSize: QLIFSettings.adjointScratch(stepCount: stepCount))
    }

    @Test(
        "every level gives the same bits, and windows those of a whole run, with shots and without",
        arguments: SpikeAftermath.allCases,
        [(0, SpikeGradient.arctan), (1, .arctan), (100, .arctan), (0, .spikeTime)])
    func sameBits(aftermath: SpikeAftermath, reading: (shots: Int, gradient: SpikeGradient)) {
        let shots = reading.shots
        var settings = QLIFReferenceTests.settings(aftermath, shots: shots)
        settings.spikeGradient = reading.gradient
        let run = Self.makeRun(neuronCount: 50, settings: settings)
        let errors = AlignedBuffer<Float>((0..<run.rowCount * tileWidth).map { sin(Float($0)) })
        let factors = AlignedBuffer<Float>(repeating: 0.25, count: 2 * run.rowCount)
        func outcome(_ level: InstructionSet, _ windowLength: Int)
            -> (forward: MembraneRun.Forward, errors: [UInt32])
        {
            let kernels = level.kernels
            let forward = run.forward(windowLength: windowLength) { kernels.stepQLIF($0, settings) }
            let backward = run.backward(
                forward, windowLength: windowLength, errors: errors, regulariser: factors
            ) { kernels.adjointQLIF($0, settings) }
            return (forward, backward.errors.array.map(\.bitPattern))
        }
        let narrow = outcome(.v2, Self.stepCount)
        for level in InstructionSet.allCases where level <= .best {
            let whole = outcome(level, Self.stepCount)
            #expect(whole.forward.spikes == narrow.forward.spikes)
            #expect(whole.forward.rowSums == narrow.forward.rowSums)
            #expect(whole.errors == narrow.errors)
            let cut = outcome(level, 3)
            #expect(cut.forward.spikes == narrow.forward.spikes)
            #expect(cut.forward.rowSums == narrow.forward.rowSums)
            // Gradients do not see the shots within a window, but what was carried into it.
            if shots == 0 { #expect(cut.errors == narrow.errors) }
        }
    }

    /// A fall multiplies what sin² + cos² differ from 1 by two, if nothing sets it right.
    @Test("rounding does not grow over a thousand steps without a spike")
    func longRuns() throws {
        let settings = QLIFReferenceTests.settings(.paper, threshold: 1)
        let run = Self.makeRun(neuronCount: 1, sampleCount: 1, stepCount: 1000, settings: settings)
        let forward = run.forward(windowLength: 1000) {
            InstructionSet.best.kernels.stepQLIF($0, settings)
        }
        let currents = (0..<1000).map { step in
            [0, 1].map { Double(run.currents[($0 * 1000 + step) * tileWidth]) }
        }
        let exact = QLIFReference(settings: settings).steps(
            currents: currents, spikes: [[Int]](repeating: [0], count: 1000), variables: [])
        for step in 0..<1000 {
            let found = Double(forward.rowSums[32 * step])
            #expect(abs(found - exact[step].memory[0]) < 1e-5, "step \(step)")
        }
    }

    /// Expected values: mean and variance of the binomial distribution, 5 standard deviations; 4096 neurons and samples.
    @Test(
        "shots estimate the probability without bias, and as often as the binomial distribution says",
        arguments: [1, 10, 64, 150, 1000])
    func shots(count: Int) {
        let settings = QLIFReferenceTests.settings(.paper, threshold: 2, shots: count)
        let samples = 64
        var run = Self.makeRun(neuronCount: 64, sampleCount: samples, settings: settings)
        for (index, excitation) in [Float(0.1), 0.4, 0.5, 0.8].enumerated() {
            for sample in 0..<samples {
                for lane in 0..<64 { run.currents[sample * Self.stepCount * tileWidth + lane] = excitation }
            }
            let forward = run.forward(windowLength: Self.stepCount, key: [9, UInt32(index)]) {
                InstructionSet.best.kernels.stepQLIF($0, settings)
            }
            let expected = pow(sin(Double.pi / 2 * Double(excitation)), 2)
            let variance = expected * (1 - expected) / Double(count)
            var (sum, squares) = (0.0, 0.0)
            for sample in 0..<samples {
                for lane in 0..<16 {
                    sum += Double(forward.rowSums[32 * sample * Self.stepCount + lane])
                    squares += Double(forward.rowSums[32 * sample * Self.stepCount + 16 + lane])
                }
            }
            let trials = Double(64 * samples)
            #expect(abs(sum / trials - expected) < 5 * (variance / trials).squareRoot() + 1e-6)
            let found = squares / trials - expected * expected
            // The deviation of x² is at most twice that of x, for x in 0 ... 1.
            #expect(abs(found - variance) < 10 * (variance / trials).squareRoot() + 1e-6)
        }
    }
}
