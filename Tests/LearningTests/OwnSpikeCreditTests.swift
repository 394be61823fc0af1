import Foundation
import Networks
import Neurons
import QuantumCircuits
import SpikeTrains
import Testing

@testable import Learning

struct OwnSpikeCreditTests {
    @Test("what a spike does to later ones is credited to it as all histories together say")
    func ownSpikeCredit() throws {
        var network = try Network(
            inputCount: 2, populations: [Population(model: LastSpikeFeedback(), neuronCount: 2)])
        try network.initialize(seed: 4, weightGain: 1.5, angleDeviation: 1.5)
        var input = SpikeRaster(sampleCount: 1, stepCount: 4, neuronCount: 2)
        for (step, channel) in [(0, 0), (1, 1), (2, 0), (2, 1)] { input[0, step, channel] = true }
        let weights: [Float] = [0.3, -1, 0.8, 2, -0.4, 1.1, 0.9, -0.7]
        var errors = weights
        try #require(OwnSpikeCredit(network)).add(to: &errors, input: input)

        for neuron in 0..<2 {
            let angles = network.populations[0][parameters: neuron].map(Double.init)
            func probability(step: Int, last: Bool) -> Double {
                let current = (0..<2).reduce(0.0) {
                    $0 + (input[0, step, $1] ? Double(network.projections[0][$1, neuron]) : 0)
                }
                let angle = .pi * max(current, 0) + angles[1] + angles[2] + (last ? angles[0] : 0)
                return sin(angle / 2) * sin(angle / 2)
            }
            /// E[Σ of the weights of the spikes from a step on | whether that step's spike is there], by all histories.
            func value(from step: Int, fired: Bool) -> Double {
                let own = fired ? Double(weights[2 * step + neuron]) : 0
                guard step < 3 else { return own }
                let next = probability(step: step + 1, last: fired)
                return own + next * value(from: step + 1, fired: true)
                    + (1 - next) * value(from: step + 1, fired: false)
            }
            for step in 0..<4 {
                let effect = value(from: step, fired: true) - value(from: step, fired: false)
                #expect(abs(Double(errors[2 * step + neuron]) - effect) < 1e-5, "step \(step)")
            }
        }
        let other = try Network(
            inputCount: 2,
            populations: [
                Population(model: SQS(try Ansatz.exchange.circuit()), neuronCount: 2)
            ])
        if OwnSpikeCredit(other) != nil { Issue.record("exchange is given credit") }
    }
}
