import Compute
import Foundation
import Testing

@testable import Neurons

/// Bits; that they are the right ones is for `NeuronCheckTests`.
struct LIFKernelTests {
    static let stepCount = 11
    static let sampleCount = 3
    static let settings = PotentialReset.allCases.flatMap { reset in
        LIFReferenceTests.surrogates.flatMap { surrogate in
            RegularizedActivity.allCases.map {
                LIFSettings(reset: reset, surrogate: surrogate, regularized: $0)
            }
        }
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
