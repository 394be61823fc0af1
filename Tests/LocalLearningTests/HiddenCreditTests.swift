import Foundation
import QuantumCircuits
import SpikeTrains
import Neurons
import TestSupport
import Testing

@testable import LocalLearning

/// REINFORCE for hidden neurons, by exact enumeration of all their histories: two hidden neurons and one output, T = 3.
struct HiddenCreditTests {
    private static let stepCount = 3
    private static let hiddenCount = 2

    /// All hidden histories of one sample with their probabilities, ℓ_t and slopes of log p(h_t | h^{t−1}).
    private struct History {
        var probability: Double
        var feedback: [Double]
        /// `[step][variable]`: angles of all hidden neurons.
        var slopes: [[Double]]
    }

    private static func test(delay: Int) throws -> LocalCase {
        try LocalCase(
            SQS(try Ansatz.exchange.circuit()), inputCount: 4, layers: [hiddenCount, 1], delay: delay,
            stepCount: stepCount, sampleCount: 1, seed: 31)
    }

    private static func histories(_ test: LocalCase, delay: Int, angles: [[Double]]) throws -> [History] {
        let (hidden, output) = (test.network.populations[0], test.network.populations[1])
        let (ofHidden, ofOutput) = (test.network.projections[0], test.network.projections[1])
        return try (0..<1 << (hiddenCount * stepCount)).map { number in
            func fired(_ neuron: Int, _ step: Int) -> Int { number >> (neuron * stepCount + step) & 1 }
            var history = History(
                probability: 1, feedback: [],
                slopes: (0..<stepCount).map { _ in [Double](repeating: 0, count: 5 * hiddenCount) })
            for neuron in 0..<hiddenCount {
                let currents = (0..<stepCount).map { step in
                    [
                        test.input.activeNeurons(sample: 0, step: step).reduce(0.0) {
                            $0 + Double(ofHidden[$1, neuron])
                        }
                    ]
                }
                let spikes = (0..<stepCount).map { [fired(neuron, $0)] }
                func probabilities(_ angles: [Double]) throws -> [Double] {
                    try ReferenceNeuron(hidden.model, parameters: angles).run(currents: currents, spikes: spikes)
                        .stepProbability
                }
                let own = try probabilities(angles[neuron])
                history.probability *= own.reduce(1, *)
                for angle in 0..<5 {
                    var (above, below) = (angles[neuron], angles[neuron])
                    above[angle] += 1e-5
                    below[angle] -= 1e-5
                    let (plus, minus) = (try probabilities(above), try probabilities(below))
                    for step in 0..<stepCount {
                        history.slopes[step][5 * neuron + angle] = (log(plus[step]) - log(minus[step])) / 2e-5
                    }
                }
            }
            let currents = (0..<stepCount).map { step in
                [
                    (0..<hiddenCount).reduce(0.0) { sum, neuron in
                        let arrives = step >= delay && fired(neuron, step - delay) == 1
                        return arrives ? sum + Double(ofOutput[neuron, 0]) : sum
                    }
                ]
            }
            history.feedback = try ReferenceNeuron(
                output.model, parameters: output[parameters: 0].map { Double($0) }
            ).run(
                currents: currents, spikes: (0..<stepCount).map { [test.targets[0, $0, 0] ? 1 : 0] }
            ).stepProbability.map { log($0) }
            return history
        }
    }

    private static func angles(_ test: LocalCase) -> [[Double]] {
        (0..<hiddenCount).map { test.network.populations[0][parameters: $0].map { Double($0) } }
    }

    /// E[Σ_t ℓ_t]
    private static func objective(_ test: LocalCase, delay: Int, angles: [[Double]]) throws -> Double {
        try histories(test, delay: delay, angles: angles).reduce(0) {
            $0 + $1.probability * $1.feedback.reduce(0, +)
        }
    }

    /// ∂E[Σ_t ℓ_t]/∂θ by central differences.
    private static func slope(_ test: LocalCase, delay: Int) throws -> [Double] {
        let angles = angles(test)
        return try (0..<5 * hiddenCount).map { index in
            var (above, below) = (angles, angles)
            above[index / 5][index % 5] += 1e-4
            below[index / 5][index % 5] -= 1e-4
            return
                (try objective(test, delay: delay, angles: above)
                - objective(test, delay: delay, angles: below)) / 2e-4
        }
    }

    /// E[Σ_t credit_t ∂ log p(h_t | h^{t−1})/∂θ], with the rule's own credit.
    private static func expectation(
        _ rule: LocalRule, _ test: LocalCase, delay: Int
    ) throws -> [Double] {
        let batch = LocalBatch(
            sampleCount: 1, passCount: 1, stepCount: stepCount, identities: [0], seed: 1, epoch: 0)
        return try histories(test, delay: delay, angles: angles(test)).reduce(
            into: [Double](repeating: 0, count: 5 * hiddenCount)
        ) { sum, history in
            let credit = rule.credit(feedback: history.feedback.map { Float($0) }, batch)
            for step in 0..<stepCount {
                for index in sum.indices {
                    sum[index] += history.probability * Double(credit[step]) * history.slopes[step][index]
                }
            }
        }
    }

    private static func distance(_ left: [Double], _ right: [Double]) -> Double {
        zip(left, right).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    @Test("probabilities of all histories add up to 1")
    func probabilities() throws {
        let test = try Self.test(delay: 1)
        let sum = try Self.histories(test, delay: 1, angles: Self.angles(test)).reduce(0) {
            $0 + $1.probability
        }
        #expect(abs(sum - 1) < 1e-9)
    }

    @Test("return-to-go is unbiased, with and without delay", arguments: [0, 1])
    func returnToGo(delay: Int) throws {
        let test = try Self.test(delay: delay)
        let expected = try Self.slope(test, delay: delay)
        let found = try Self.expectation(LocalRule(credit: .returnToGo), test, delay: delay)
        #expect((expected.map(abs).max() ?? 0) > 0.01)
        #expect(Self.distance(found, expected) < 1e-5)
    }

    @Test("same-step has expectation 0 where spikes take a step, and misses later effects where they do not")
    func sameStep() throws {
        let delayed = try Self.test(delay: 1)
        let ofDelayed = try Self.expectation(LocalRule(credit: .sameStep), delayed, delay: 1)
        #expect((ofDelayed.map(abs).max() ?? 1) < 1e-6)
        let direct = try Self.test(delay: 0)
        let ofDirect = try Self.expectation(LocalRule(credit: .sameStep), direct, delay: 0)
        #expect((ofDirect.map(abs).max() ?? 0) > 0.01)
        #expect(Self.distance(ofDirect, try Self.slope(direct, delay: 0)) > 0.005)
    }

    @Test("sampled updates have the gradient that enumeration gives, with and without a baseline")
    func sampled() throws {
        let test = try Self.test(delay: 1)
        let expected = try Self.slope(test, delay: 1).map { -$0 }
        for baseline in FeedbackBaseline.allCases {
            var mean = VectorMean()
            let rule = LocalRule(estimator: .exact, baseline: baseline, passCount: 50)
            for seed in 1...80 {
                let values = try test.learn(rule, seed: UInt64(seed)).gradient.values(ofPopulation: 0)
                mean.add(Array(values.suffix(5 * Self.hiddenCount)))
            }
            #expect(mean.deviation(from: expected, allowance: 1e-4) < 5, "baseline \(baseline)")
        }
    }
}
