import Compute
import Foundation
import TestSupport
import Testing

@testable import Neurons

struct LIFReferenceTests {
    /// The surrogates of snnTorch, with its widths.
    static let surrogates: [SpikeSurrogate] = [.arctan(), .fastSigmoid(), .sigmoid()]

    /// Currents that make a neuron fire now and then.
    static func currents(stepCount: Int, seed: UInt64) -> [Double] {
        var random = RandomStream(seed: seed, purpose: .analysis).generator()
        return (0..<stepCount).map { _ in Double(Float.random(in: -0.5...1.2, using: &random)) }
    }

    /// Expected values from `Tests/Golden/models.json`: snnTorch's `Leaky`.
    @Test("potentials and spikes agree with snnTorch's")
    func golden() throws {
        struct Models: Decodable {
            struct Case: Decodable {
                struct Expected: Decodable {
                    let membrane: [Double]
                    let spikes: [Int]
                }
                let decay, threshold: Double
                let reset: String
                let currents: [Double]
                let expected: Expected
            }
            let lif: [Case]
        }
        let cases = try JSONDecoder().decode(Models.self, from: Golden.data("models.json")).lif
        #expect(Set(cases.map(\.reset)) == ["subtract", "zero"])
        for golden in cases {
            let reset = try #require(PotentialReset(rawValue: golden.reset))
            // snnTorch keeps the decay in single precision, as we do, and these potentials in double.
            let neuron = try LIFReference(
                LIF(decay: Float(golden.decay), threshold: Float(golden.threshold), reset: reset))
            let currents = golden.currents.map { [$0] }
            let spikes = try #require(neuron.ownSpikes(currents: currents))
            #expect(spikes.map { $0[0] } == golden.expected.spikes)
            let steps = neuron.steps(currents: currents, spikes: spikes, variables: [])
            #expect(steps.count == golden.expected.membrane.count)
            for (step, expected) in zip(steps, golden.expected.membrane) {
                #expect(abs(step.memory[0] - expected) < 1e-12)
            }
        }
    }

    /// Expected values: central differences with the spikes of the reset held, of the curve that the surrogate is the
    /// slope of.
    @Test(
        "the gradient along given spikes is the slope of the smoothed loss",
        arguments: PotentialReset.allCases, surrogates)
    func gradient(reset: PotentialReset, surrogate: SpikeSurrogate) throws {
        let stepCount = 12
        let model = try LIF(
            learnsDecay: true, learnsThreshold: true, reset: reset, surrogate: surrogate)
        let currents = Self.currents(stepCount: stepCount, seed: 3)
        let neuron = try LIFReference(model, parameters: [0.8, 0.9])
        let spikes = try #require(neuron.ownSpikes(currents: currents.map { [$0] }))
        #expect(Set(spikes.map { $0[0] }) == [0, 1])
        let spikeErrors = (0..<stepCount).map { sin(Double($0)) }
        let potentialErrors = (0..<stepCount).map { 0.1 * cos(2 * Double($0)) }
        func loss(_ point: [Double]) throws -> Double {
            let neuron = try LIFReference(model, parameters: Array(point.suffix(2)))
            let steps = neuron.steps(
                currents: point.prefix(stepCount).map { [$0] }, spikes: spikes, variables: [])
            return steps.enumerated().reduce(0) { sum, entry in
                let (step, potential) = (entry.offset, entry.element.memory[0])
                return sum + spikeErrors[step] * surrogate.value(potential - neuron.threshold)
                    + potentialErrors[step] * potential
            }
        }
        let gradient = try neuron.slopes(
            currents: currents.map { [$0] }, spikes: spikes.map { $0[0] }, spikeErrors: spikeErrors,
            variables: LIFReference.variables(stepCount: stepCount, parameterCount: 2)
        ) { step, _ in potentialErrors[step] }
        let check = try gradientCheck(
            function: loss, at: currents + [0.8, 0.9], gradient: gradient, tolerance: 1e-7, step: 1e-4)
        #expect(check.passed, "\(check)")
    }

    /// Expected values: the formulas of snnTorch's `surrogate` module at its defaults.
    @Test("surrogates have snnTorch's scale")
    func scale() {
        #expect(SpikeSurrogate.arctan().slope(0) == 1)
        #expect(abs(SpikeSurrogate.arctan().slope(1) - 1 / (1 + .pi * .pi)) < 1e-15)
        #expect(SpikeSurrogate.fastSigmoid().slope(0) == 1)
        #expect(abs(SpikeSurrogate.fastSigmoid().slope(-1) - 1 / 676) < 1e-15)
        #expect(SpikeSurrogate.sigmoid().slope(0) == 6.25)
    }
}
