import Compute
import Foundation
import Testing

@testable import Neurons

/// Expected values: ``QLIFReference``, along the spikes that the kernel gave.
struct QLIFKernelTests {
    static let stepCount = 11
    static let sampleCount = 3

    private static func makeRun(
        neuronCount: Int, sampleCount: Int = sampleCount, settings: QLIFSettings, seed: UInt64 = 6
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

    private static func close(_ found: Float, _ expected: Double) -> Bool {
        abs(Double(found) - expected) <= 1e-5 * max(1, abs(expected))
    }

    @Test(
        "probabilities, spikes and gradients are the reference's, at any level, window and number of neurons",
        arguments: SpikeAftermath.allCases, [1, 15, 16, 17, 64])
    func agrees(aftermath: SpikeAftermath, neuronCount: Int) throws {
        let settings = QLIFReferenceTests.settings(aftermath)
        let run = Self.makeRun(neuronCount: neuronCount, settings: settings)
        let errors = AlignedBuffer<Float>(
            (0..<run.rowCount * tileWidth).map { $0 % tileWidth < neuronCount ? sin(Float($0)) : 0 })
        let factors = AlignedBuffer<Float>((0..<run.rowCount).flatMap { [0.1 * cos(Float($0)), 0.05] })
        for level in InstructionSet.allCases where level <= .best {
            let kernels = level.kernels
            for windowLength in [1, 4, Self.stepCount] {
                let forward = run.forward(windowLength: windowLength) { kernels.stepQLIF($0, settings) }
                let backward = run.backward(
                    forward, windowLength: windowLength, errors: errors, regulariser: factors
                ) { kernels.adjointQLIF($0, settings) }
                try check(run, settings, forward, backward, errors: errors, factors: factors)
            }
        }
    }

    private func check(
        _ run: MembraneRun, _ settings: QLIFSettings, _ forward: MembraneRun.Forward,
        _ backward: MembraneRun.Backward, errors: AlignedBuffer<Float>, factors: AlignedBuffer<Float>
    ) throws {
        let neuron = QLIFReference(settings: settings)
        let channel = run.rowCount * tileWidth
        let variables = QLIFReference.variables(stepCount: run.stepCount, currentCount: 2)
        var sums = [Double](repeating: 0, count: 2 * run.rowCount)
        for lane in 0..<run.neuronCount {
            for sample in 0..<run.sampleCount {
                let rows = (0..<run.stepCount).map { sample * run.stepCount + $0 }
                let spikes = rows.map { Int(forward.spikes[$0] >> UInt64(lane) & 1) }
                let currents = rows.map { row in
                    (0..<2).map { Double(run.currents[$0 * channel + row * tileWidth + lane]) }
                }
                let steps = neuron.steps(currents: currents, spikes: spikes.map { [$0] }, variables: [])
                for (step, row) in rows.enumerated() {
                    let probability = steps[step].memory[0]
                    if abs(probability - settings.threshold) > 1e-5 {
                        #expect(spikes[step] == Int(steps[step].firing[0].value))
                    }
                    #expect(forward.firing[row * tileWidth + lane] == Float(spikes[step]))
                    sums[2 * row] += probability
                    sums[2 * row + 1] += probability * probability
                }
                let slopes = try neuron.slopes(
                    currents: currents, spikes: spikes,
                    spikeErrors: rows.map { Double(errors[$0 * tileWidth + lane]) }, variables: variables
                ) { Double(factors[2 * rows[$0]]) - Double(factors[2 * rows[$0] + 1]) * $1 }
                for (step, row) in rows.enumerated() {
                    for current in 0..<2 {
                        let found = backward.errors[current * channel + row * tileWidth + lane]
                        #expect(Self.close(found, slopes[2 * step + current]))
                    }
                }
            }
        }
        for index in sums.indices {
            let found = (0..<16).reduce(Float(0)) { $0 + forward.rowSums[16 * index + $1] }
            #expect(Self.close(found, sums[index]))
        }
        for lane in run.neuronCount..<tileWidth {
            #expect(forward.spikes.array.allSatisfy { $0 >> UInt64(lane) & 1 == 0 })
        }
    }

    @Test(
        "every level gives the same bits, and windows those of a whole run, with shots and without",
        arguments: SpikeAftermath.allCases, [0, 1, 100])
    func sameBits(aftermath: SpikeAftermath, shots: Int) {
        let settings = QLIFReferenceTests.settings(aftermath, shots: shots)
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
