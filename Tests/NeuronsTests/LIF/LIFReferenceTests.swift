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
            // snnTorch keeps the decay in single precision, the potential in double.
            let neuron = LIFReference(
                decay: Double(Float(golden.decay)), threshold: golden.threshold,
                settings: LIFSettings(reset: reset, surrogate: .arctan()))
            let found = neuron.run(currents: golden.currents)
            #expect(found.spikes == golden.expected.spikes)
            #expect(found.potentials.count == golden.expected.membrane.count)
            for (potential, expected) in zip(found.potentials, golden.expected.membrane) {
                #expect(abs(potential - expected) < 1e-12)
            }
        }
    }

    /// Expected values: central differences with the spikes of the reset held, of the curve that the surrogate is the
    /// slope of.
    @Test(
        "the gradient along given spikes is the slope of the smoothed loss",
        arguments: PotentialReset.allCases, surrogates)
    func gradient(reset: PotentialReset, surrogate: SpikeSurrogate) {
        let stepCount = 12
        let settings = LIFSettings(reset: reset, surrogate: surrogate)
        let currents = Self.currents(stepCount: stepCount, seed: 3)
        let spikes = LIFReference(decay: 0.8, threshold: 0.9, settings: settings).run(currents: currents)
            .spikes
        #expect(Set(spikes) == [0, 1])
        let spikeErrors = (0..<stepCount).map { sin(Double($0)) }
        let potentialErrors = (0..<stepCount).map { 0.1 * cos(2 * Double($0)) }
        func loss(_ point: [Double]) -> Double {
            let neuron = LIFReference(
                decay: point[stepCount], threshold: point[stepCount + 1], settings: settings)
            let potentials = neuron.run(currents: Array(point.prefix(stepCount)), spikes: spikes).potentials
            return (0..<stepCount).reduce(0) { sum, step in
                sum + spikeErrors[step] * surrogate.value(potentials[step] - neuron.threshold)
                    + potentialErrors[step] * potentials[step]
            }
        }
        let found = LIFReference(decay: 0.8, threshold: 0.9, settings: settings).gradient(
            currents: currents, spikes: spikes, spikeErrors: spikeErrors, potentialErrors: potentialErrors)
        let check = gradientCheck(
            function: loss, at: currents + [0.8, 0.9],
            gradient: found.currents + [found.decay, found.threshold], tolerance: 1e-7, step: 1e-4)
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
