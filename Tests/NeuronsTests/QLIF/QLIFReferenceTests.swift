import Compute
import Files
import Foundation
import TestSupport
import Testing

@testable import Neurons

struct QLIFReferenceTests {
    static func settings(
        _ aftermath: SpikeAftermath, threshold: Double = 0.6, rate: Double = 2.5, shots: Int = 0
    ) -> QLIFSettings {
        QLIFSettings(threshold: threshold, relaxationRate: rate, aftermath: aftermath, shots: shots)
    }

    /// Excitations that make a neuron fire now and then, and leaks of both signs.
    static func currents(stepCount: Int, seed: UInt64) -> [[Double]] {
        var random = RandomStream(seed: seed, purpose: .analysis).generator()
        return (0..<stepCount).map { _ in
            [
                Double(Float.random(in: -0.4...0.7, using: &random)),
                Double(Float.random(in: -1...1, using: &random)),
            ]
        }
    }

    /// Expected values from `Tests/Golden/models.json`.
    @Test("probabilities and spikes of both variants agree with their golden values")
    func golden() throws {
        struct Models: Decodable {
            struct Case: Decodable {
                struct Expected: Decodable {
                    let firingProbability: [Double]
                    let spikes: [Int]
                }
                let threshold, beta, t1: Double
                let variant: String
                let exciteCurrents, leakCurrents: [Double]
                let expected: Expected
            }
            let qlif: [Case]
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let cases = try decoder.decode(Models.self, from: Golden.data("models.json")).qlif
        #expect(Set(cases.map(\.variant)) == ["paper", "refractory"])
        for golden in cases {
            let neuron = QLIFReference(
                settings: QLIFSettings(
                    threshold: golden.threshold, relaxationRate: golden.beta / golden.t1,
                    aftermath: try #require(SpikeAftermath(rawValue: golden.variant))))
            let currents = zip(golden.exciteCurrents, golden.leakCurrents).map { [$0, $1] }
            let spikes = try #require(neuron.ownSpikes(currents: currents))
            #expect(spikes.map { $0[0] } == golden.expected.spikes)
            let steps = neuron.steps(currents: currents, spikes: spikes, variables: [])
            #expect(steps.count == golden.expected.firingProbability.count)
            for (step, expected) in zip(steps, golden.expected.firingProbability) {
                #expect(abs(step.memory[0] - expected) < 1e-12)
            }
        }
    }

    /// Expected values from `Tests/Golden/models.json`.
    @Test("traces agree with their golden values, and a bad one is refused at its field")
    func trace() throws {
        let data = try LIFModelTests.goldenTrace("qlif", model: "qlif")
        #expect(try LIFModelTests.largestDifference(data) < 1e-12)
        let again = try JSONDocument.encode(NeuronTrace.decode(data, path: "models.json"))
        #expect(try LIFModelTests.largestDifference(Data(again)) < 1e-12)
        let text = #"{"model": "qlif", "threshold": 2}"#
        let error = #expect(throws: JSONDocument.Problem.self) {
            try JSONDocument.decode(AnyNeuronModel.self, from: Array(text.utf8))
        }
        #expect(error?.place == "threshold")
    }

    /// Expected values: central differences with the spikes held.
    @Test(
        "the gradient along given spikes is the slope", arguments: SpikeAftermath.allCases,
        [1, 2, 3] as [UInt64])
    func gradient(aftermath: SpikeAftermath, seed: UInt64) throws {
        let stepCount = 14
        let neuron = QLIFReference(settings: Self.settings(aftermath))
        let surrogate = SpikeSurrogate.arctan(alpha: neuron.settings.surrogateWidth)
        let currents = Self.currents(stepCount: stepCount, seed: seed)
        let spikes = try #require(neuron.ownSpikes(currents: currents))
        #expect(Set(spikes.map { $0[0] }) == [0, 1])
        let spikeErrors = (0..<stepCount).map { sin(Double($0)) }
        let activityErrors = (0..<stepCount).map { 0.1 * cos(2 * Double($0)) }
        func loss(_ point: [Double]) -> Double {
            let currents = (0..<stepCount).map { Array(point[2 * $0..<2 * $0 + 2]) }
            let steps = neuron.steps(currents: currents, spikes: spikes, variables: [])
            return steps.enumerated().reduce(0) { sum, entry in
                let (step, alpha) = (entry.offset, entry.element.memory[0])
                // At a silent step no spike depends on anything.
                return sum + spikeErrors[step] * surrogate.value(alpha - neuron.settings.threshold)
                    + activityErrors[step] * alpha
            }
        }
        let gradient = try neuron.slopes(
            currents: currents, spikes: spikes.map { $0[0] }, spikeErrors: spikeErrors,
            variables: QLIFReference.variables(stepCount: stepCount, currentCount: 2)
        ) { step, _ in activityErrors[step] }
        let check = gradientCheck(
            function: loss, at: currents.flatMap { $0 }, gradient: gradient, tolerance: 1e-6, step: 1e-4)
        #expect(check.passed, "\(check)")
    }
}
