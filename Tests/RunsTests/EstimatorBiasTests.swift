import Neurons
import Compute
import LocalLearning
import QuantumCircuits
import SpikeDatasets
import SpikeTrains
import Networks
import Testing

@testable import Learning
@testable import Runs

/// What the local rule's estimates are off by where recipe `local` begins: twenty images of USPS 1 against 7, two `exchange`
/// neurons, T = 10. The guide on local learning quotes these numbers; seeds are fixed.
@Suite(.enabled(if: isUSPSInstalled, "USPS is in no folder of SQSNN_DATA"))
struct EstimatorBiasTests {
    /// An estimated gradient beside the exact one, of weights and of angles.
    private struct Comparison {
        /// ⟨mean estimate, exact⟩/⟨exact, exact⟩: 1 without bias along the gradient.
        var (ofWeights, ofAngles) = (0.0, 0.0)
        /// Mean cosine between one update's estimate and the exact gradient.
        var (cosineOfWeights, cosineOfAngles) = (0.0, 0.0)
    }

    private static func dot(_ left: [Float], _ right: [Float]) -> Double {
        zip(left, right).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    private static func comparison(_ rule: LocalRule, updates: Int) async throws -> Comparison {
        let train = try await DatasetCatalog.loadImages("usps-1v7").train
        let configuration = RunConfiguration(
            dataset: "usps-1v7", neuron: SQS(try Ansatz.exchange.circuit()), seed: 1, recipe: .local)
        let network = try configuration.networkTrainer(for: train, threads: 1).network
        let indices = Array(0..<20)
        let input = try Recipe.local.encoder.encode(
            pixels: train.pixels(at: indices), inputCount: train.inputCount, sampleIndices: indices,
            stepCount: 10, random: RandomStream(seed: 1, purpose: .encoding),
            parallelism: .init(threadCount: 1))
        var targets = SpikeRaster(sampleCount: 20, stepCount: 10, neuronCount: 2, channelCount: 1)
        for sample in indices {
            for step in 0..<10 { targets[sample, step, Int(train.labels[sample]), 0] = true }
        }
        func gradient(_ rule: LocalRule, seed: UInt64) throws -> (weights: [Float], angles: [Float]) {
            let store = GradientStore(network, trained: .all)
            let learner = try LocalLearner(
                rule, network: network, stepCount: 10, parallelism: .init(threadCount: 1), trains: store)
            _ = try learner.learn(
                network, input: input, targets: targets, sampleIndices: indices, seed: seed, epoch: 0,
                receiver: store)
            return (store.weights[0].array, store.neurons[0].array)
        }
        let exact = try gradient(LocalRule(estimator: .exact, passCount: 1), seed: 1)
        var found = Comparison()
        let (weights, angles) = (Self.dot(exact.weights, exact.weights), Self.dot(exact.angles, exact.angles))
        for seed in 1...updates {
            let estimate = try gradient(rule, seed: UInt64(seed))
            let share = 1 / Double(updates)
            let (ofWeights, ofAngles) = (
                dot(estimate.weights, exact.weights), dot(estimate.angles, exact.angles)
            )
            found.ofWeights += share * ofWeights / weights
            found.ofAngles += share * ofAngles / angles
            found.cosineOfWeights +=
                share * ofWeights / (weights * dot(estimate.weights, estimate.weights)).squareRoot()
            found.cosineOfAngles +=
                share * ofAngles / (angles * dot(estimate.angles, estimate.angles)).squareRoot()
        }
        return found
    }

    @Test(
        "perturbations of 0.05 find 0.60 of the synapses' gradient, of 0.01 0.94: all of a neuron's synapses move at once"
    )
    func perturbationSize() async throws {
        for (size, expected) in [(0.01, 0.935), (0.02, 0.857), (0.05, 0.602), (0.1, 0.320)] {
            let rule = LocalRule(
                passCount: 1, synapsePerturbations: 16, perturbationSize: size, shotCount: 1000,
                probabilityFloor: 1e-6)
            let found = try await Self.comparison(rule, updates: 8).ofWeights
            #expect(abs(found - expected) < 0.02, "size \(size): \(found)")
        }
    }

    @Test(
        "a floor of half a shot, of five, takes more of it, and no floor gives a gradient many times too long"
    )
    func floor() async throws {
        // Floor, part of the synapses' and of the angles' gradient that is found from five shots.
        for (floor, ofWeights, ofAngles) in [(0.02, 0.719, 2.72), (0.1, 0.371, 0.658), (0.2, 0.222, 0.400)] {
            let found = try await Self.comparison(
                LocalRule(passCount: 1, shotCount: 5, probabilityFloor: floor), updates: 40)
            #expect(abs(found.ofWeights - ofWeights) < 0.05, "floor \(floor): \(found)")
            #expect(abs(found.ofAngles - ofAngles) < 0.1, "floor \(floor): \(found)")
        }
    }

    @Test(
        "from five shots exact shifts point less along the angles' gradient than two-term ones, from a thousand more"
    )
    func shifts() async throws {
        func cosine(_ shift: ShiftRule, shots: Int) async throws -> Double {
            let rule = LocalRule(shift: shift, passCount: 1, synapsePerturbations: 1, shotCount: shots)
            return try await Self.comparison(rule, updates: shots == 5 ? 40 : 4).cosineOfAngles
        }
        #expect(abs(try await cosine(.twoTerm, shots: 5) - 0.936) < 0.02)
        #expect(abs(try await cosine(.exact, shots: 5) - 0.237) < 0.05)
        #expect(abs(try await cosine(.twoTerm, shots: 1000) - 0.982) < 0.01)
        #expect(try await cosine(.exact, shots: 1000) > 0.99)
    }
}

private let isUSPSInstalled =
    (try? DatasetCatalog.entry(named: "usps-1v7").paths(in: DatasetSearchPath())) != nil
