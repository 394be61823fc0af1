import Compute
import Foundation
import Testing

@testable import Neurons

/// Expected values: ``LIFReference``, along the spikes that the kernel gave.
struct LIFKernelTests {
    static let stepCount = 11
    static let sampleCount = 3
    static let settings = PotentialReset.allCases.flatMap { reset in
        LIFReferenceTests.surrogates.map { LIFSettings(reset: reset, surrogate: $0) }
    }

    /// A tile of neurons with decays, thresholds and currents of their own; nothing in the lanes past the last.
    private static func makeRun(neuronCount: Int, seed: UInt64 = 5) -> MembraneRun {
        var random = RandomStream(seed: seed, purpose: .analysis).generator(sample: neuronCount)
        var instruments = [Float](repeating: 0, count: LIFSettings.instrumentSize)
        var currents = [Float](repeating: 0, count: sampleCount * stepCount * tileWidth)
        for lane in 0..<neuronCount {
            instruments[lane] = Float.random(in: 0.3...1, using: &random)
            instruments[tileWidth + lane] = Float.random(in: 0.2...1.2, using: &random)
            for row in 0..<sampleCount * stepCount {
                currents[row * tileWidth + lane] = Float.random(in: -0.4...1, using: &random)
            }
        }
        return MembraneRun(
            currents: AlignedBuffer(currents), instruments: AlignedBuffer(instruments),
            neuronCount: neuronCount, channelCount: 1, sampleCount: sampleCount, stepCount: stepCount,
            carriedSize: LIFSettings.carriedSize, randomWordCount: stepCount * tileWidth,
            scratchSize: LIFSettings.adjointScratch(stepCount: stepCount))
    }

    private static func close(_ found: Float, _ expected: Double) -> Bool {
        abs(Double(found) - expected) <= 1e-5 * max(1, abs(expected))
    }

    @Test(
        "potentials, spikes and gradients are the reference's, at any level, window and number of neurons",
        arguments: settings, [1, 15, 16, 17, 64])
    func agrees(settings: LIFSettings, neuronCount: Int) throws {
        let run = Self.makeRun(neuronCount: neuronCount)
        let rows = run.rowCount
        let errors = AlignedBuffer<Float>(
            (0..<rows * tileWidth).map { $0 % tileWidth < neuronCount ? sin(Float($0)) : 0 })
        let factors = AlignedBuffer<Float>(
            (0..<rows).flatMap { [0.1 * cos(Float($0)), 0.05] })
        for level in InstructionSet.allCases where level <= .best {
            let kernels = level.kernels
            for windowLength in [1, 4, Self.stepCount] {
                let forward = run.forward(windowLength: windowLength) { kernels.stepLIF($0, settings) }
                let backward = run.backward(
                    forward, windowLength: windowLength, errors: errors, regulariser: factors
                ) { kernels.adjointLIF($0, settings) }
                try check(run, settings, forward, backward, errors: errors, factors: factors)
            }
        }
    }

    private func check(
        _ run: MembraneRun, _ settings: LIFSettings, _ forward: MembraneRun.Forward,
        _ backward: MembraneRun.Backward, errors: AlignedBuffer<Float>, factors: AlignedBuffer<Float>
    ) throws {
        let model = try LIF(
            learnsDecay: true, learnsThreshold: true, reset: settings.reset, surrogate: settings.surrogate)
        let variables = LIFReference.variables(stepCount: run.stepCount, parameterCount: 2)
        var sums = [Double](repeating: 0, count: 2 * run.rowCount)
        for lane in 0..<run.neuronCount {
            let neuron = try LIFReference(
                model,
                parameters: [Double(run.instruments[lane]), Double(run.instruments[tileWidth + lane])])
            var byParameters = [0.0, 0.0]
            for sample in 0..<run.sampleCount {
                let rows = (0..<run.stepCount).map { sample * run.stepCount + $0 }
                let currents = rows.map { [Double(run.currents[$0 * tileWidth + lane])] }
                let spikes = rows.map { Int(forward.spikes[$0] >> UInt64(lane) & 1) }
                let steps = neuron.steps(currents: currents, spikes: spikes.map { [$0] }, variables: [])
                for (step, row) in rows.enumerated() {
                    let potential = steps[step].memory[0]
                    if abs(potential - neuron.threshold) > 1e-5 {
                        #expect(spikes[step] == Int(steps[step].firing[0].value))
                    }
                    #expect(forward.firing[row * tileWidth + lane] == Float(spikes[step]))
                    sums[2 * row] += potential
                    sums[2 * row + 1] += potential * potential
                }
                let slopes = try neuron.slopes(
                    currents: currents, spikes: spikes,
                    spikeErrors: rows.map { Double(errors[$0 * tileWidth + lane]) }, variables: variables
                ) { Double(factors[2 * rows[$0]]) - Double(factors[2 * rows[$0] + 1]) * $1 }
                for (step, row) in rows.enumerated() {
                    #expect(Self.close(backward.errors[row * tileWidth + lane], slopes[step]))
                }
                for index in 0..<2 { byParameters[index] += slopes[run.stepCount + index] }
            }
            for index in 0..<2 {
                #expect(Self.close(backward.instruments[index * tileWidth + lane], byParameters[index]))
            }
        }
        for index in sums.indices {
            let found = (0..<16).reduce(Float(0)) { $0 + forward.rowSums[16 * index + $1] }
            #expect(Self.close(found, sums[index]))
        }
        for lane in run.neuronCount..<tileWidth {
            #expect(forward.spikes.array.allSatisfy { $0 >> UInt64(lane) & 1 == 0 })
            #expect((0..<run.rowCount).allSatisfy { isUntouched(backward.errors, $0, lane, run) })
            #expect(backward.instruments[lane] == 0 && backward.instruments[tileWidth + lane] == 0)
        }
    }

    /// Lanes past the last neuron have no error, so that no weight of theirs is trained.
    private func isUntouched(
        _ errors: AlignedBuffer<Float>, _ row: Int, _ lane: Int, _ run: MembraneRun
    ) -> Bool { errors[row * tileWidth + lane] == 0 }

    @Test(
        "every level gives the same bits, and windows those of a whole run",
        arguments: settings)
    func sameBits(settings: LIFSettings) {
        let run = Self.makeRun(neuronCount: 50)
        let errors = AlignedBuffer<Float>((0..<run.rowCount * tileWidth).map { sin(Float($0)) })
        let factors = AlignedBuffer<Float>(repeating: 0.25, count: 2 * run.rowCount)
        func outcome(_ level: InstructionSet, _ windowLength: Int)
            -> (spikes: [UInt64], sums: [Float], errors: [Float])
        {
            let kernels = level.kernels
            let forward = run.forward(windowLength: windowLength) { kernels.stepLIF($0, settings) }
            let backward = run.backward(
                forward, windowLength: windowLength, errors: errors, regulariser: factors
            ) { kernels.adjointLIF($0, settings) }
            return (
                forward.spikes.array, forward.rowSums.array,
                backward.errors.array + backward.instruments.array
            )
        }
        let narrow = outcome(.v2, Self.stepCount)
        for level in InstructionSet.allCases where level <= .best {
            #expect(outcome(level, Self.stepCount) == narrow)
            let cut = outcome(level, 3)
            #expect(cut.spikes == narrow.spikes)
            #expect(cut.errors.prefix(run.currents.count) == narrow.errors.prefix(run.currents.count))
        }
    }
}
