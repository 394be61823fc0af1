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
}
