import Compute
import Foundation
import TestSupport
import Testing

@testable import Neurons

struct LIFReferenceTests {
    /// The surrogates of snnTorch, with its widths.
    static let surrogates: [SpikeSurrogate] = [.arctan(), .fastSigmoid(), .sigmoid()]

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
