import Compute
import LocalLearning
import QuantumCircuits
import SpikeDatasets
import SpikeTrains
import SpikingNetworks
import Testing

@testable import SpikeLearning

/// What the local rule's estimates are off by where recipe `local` begins: twenty images of USPS 1 against 7, two `exchange`
/// neurons, T = 10. The guide on local learning quotes these numbers.
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
            dataset: "usps-1v7", circuit: try Ansatz.exchange.circuit(), seed: 1, recipe: .local)
        let network = try configuration.trainer(for: train, threads: 1).network
        let indices = Array(0..<20)
        let input = Recipe.local.encoder.encode(
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
            return (store.weights[0].array, store.angles[0].array)
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

    @Test("perturbations of 0.05 find 0.62 of the synapses' gradient, of 0.01 nearly all")
    func perturbationSize() async throws {
        func found(_ size: Double) async throws -> Double {
            try await Self.comparison(
                LocalRule(
                    passCount: 1, synapsePerturbations: 16, perturbationSize: size, shotCount: 1000,
                    probabilityFloor: 1e-6), updates: 8
            ).ofWeights
        }
        for size in [0.01, 0.02, 0.05, 0.1] { print("ε", size, try await found(size)) }
    }

    @Test("a floor of half a shot, of five, takes another part of the synapses' gradient")
    func floor() async throws {
        for floor in [1e-6, 0.02, 0.1, 0.2, 0.5] {
            let rule = LocalRule(passCount: 1, shotCount: 5, probabilityFloor: floor)
            print("floor", floor, "shots 5", try await Self.comparison(rule, updates: 40))
            let many = LocalRule(
                passCount: 1, synapsePerturbations: 16, shotCount: 1000, probabilityFloor: floor)
            print("floor", floor, "shots 1000", try await Self.comparison(many, updates: 8))
        }
    }

    @Test("from five shots the exact shifts point less along the angles' gradient than the two-term ones")
    func shifts() async throws {
        for estimator in [GradientEstimator.conditional, .postselected, .memoryless] {
            for shift in ShiftRule.allCases {
                for shots in [5, 1000] {
                    let rule = LocalRule(
                        estimator: estimator, shift: shift, passCount: 1, synapsePerturbations: 1,
                        shotCount: shots)
                    print(
                        estimator, shift, shots, try await Self.comparison(rule, updates: shots == 5 ? 40 : 4)
                    )
                }
            }
        }
    }
}

private let isUSPSInstalled =
    (try? DatasetCatalog.entry(named: "usps-1v7").paths(in: DatasetSearchPath())) != nil
