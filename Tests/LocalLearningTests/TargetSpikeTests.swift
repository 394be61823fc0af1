import Compute
import DeviceNoise
import Learning
import Networks
import Neurons
import QuantumCircuits
import SpikeTrains
import TestSupport
import Testing

@testable import LocalLearning

/// Both rules on the likelihood of target spikes, (13)–(18).
struct TargetSpikeTests {
    @Test("without hidden neurons, backpropagation finds the reference's gradient, for every neuron")
    func outputGradient() throws {
        var models: [any NeuronModel] = [
            SQS(try Ansatz.exchange.circuit()), SQS(try Ansatz.exchange.circuit(memoryQubits: 2)),
            MemorylessSQS(try Ansatz.exchange.circuit()), LastSpikeFeedback(),
            SQS(try Ansatz.exchange.circuit(), noise: try NoiseModel.load("eagle").scaled(by: 3)),
        ]
        for (io, memory, seed) in [(1, 2, 5), (2, 1, 4), (3, 1, 7)] {
            models.append(
                SQS(
                    try RandomCircuit.make(ioQubits: io, memoryQubits: memory, seed: UInt64(seed)).circuit))
        }
        for (index, model) in models.enumerated() {
            let test = try LocalCase(model, seed: UInt64(index + 1))
            for surrogate in [Surrogate.straightThrough, .bernoulliVariance] {
                var objective: any Objective = TargetLikelihood(passCount: 2)
                let recorder = GradientRecorder(test.network) { _ in false }
                let plan = TrainingPlan(stepCount: test.stepCount)
                let learner = SurrogateGradients(surrogate: surrogate)
                    .learner(for: test.network, plan, Parallelism(threadCount: 2))
                _ = try learner.learn(
                    SampleBatch(input: test.input, targets: .spikes(test.targets)),
                    BatchPlace(sampleIndices: [0, 1, 2], seed: 1, epoch: 0), test.network, &objective,
                    receiver: recorder)
                let found = recorder.values(ofPopulation: 0)
                let expected = try test.referenceGradient()
                let scale = max(expected.map(abs).max() ?? 0, 1)
                #expect(found.count == expected.count)
                for (entry, pair) in zip(found, expected).enumerated() {
                    #expect(
                        abs(pair.0 - pair.1) <= 2e-3 * scale,
                        "model \(index), entry \(entry): \(pair.0), expected \(pair.1)")
                }
            }
        }
    }

    @Test("the local rule trains on given target spikes through the same trainer")
    func localRule() throws {
        let test = try LocalCase(
            SQS(try Ansatz.exchange.circuit()), inputCount: 12, layers: [3], stepCount: 5, seed: 3)
        let source = try ArraySamples(spikes: test.input, targets: .spikes(test.targets))
        let plan = TrainingPlan(stepCount: 5, epochCount: 40, batchSize: 3, learningRate: 0.05)
        var trainer = try Trainer(
            network: test.network, plan: plan, localRule: LocalRule(estimator: .exact, passCount: 1), seed: 1,
            threads: 1)
        let before = try trainer.evaluate(on: source).losses[0]
        for _ in 0..<40 { _ = try trainer.trainEpoch(on: source) }
        let after = try trainer.evaluate(on: source).losses[0]
        #expect(after < 0.7 * before, "before \(before), after \(after)")
    }

    @Test("ranks are without effect on the local rule", arguments: [GradientEstimator.exact, .postselected])
    func ranks(_ estimator: GradientEstimator) throws {
        let test = try LocalCase(
            SQS(try Ansatz.exchange.circuit()), inputCount: 12, layers: [6, 3], stepCount: 5, seed: 3)
        let source = try ArraySamples(spikes: test.input, targets: .spikes(test.targets))
        @Sendable func trainer() throws -> Trainer {
            try Trainer(
                network: test.network,
                plan: TrainingPlan(
                    stepCount: 5, epochCount: 2, batchSize: 3, learningRate: 0.05, gradientShards: 3),
                localRule: LocalRule(estimator: estimator, passCount: 2), seed: 1, threads: 1)
        }
        var alone = try trainer()
        var expected = try #require(try alone.trainEpoch(on: source))
        expected.seconds = 0
        for count in [2, 3] {
            let trained = try ThreadRanks.run(count) { [expected] ranks in
                var trainer = try trainer()
                trainer.ranks = ranks
                var metrics = try trainer.trainEpoch(on: source)
                metrics?.seconds = 0
                // Accuracy is not a number where spikes are the targets.
                #expect(metrics?.loss == expected.loss && metrics?.ledger == expected.ledger)
                return trainer.network
            }
            for network in trained { #expect(network == alone.network) }
        }
    }

    @Test("the local rule refuses an objective that is not its own, and passes that are not its")
    func otherObjective() throws {
        let test = try LocalCase(SQS(try Ansatz.exchange.circuit()))
        for objective in [
            TargetLikelihood(passCount: 4), LinearReadout([1, 1, 0], loss: .squaredError),
        ] as [any Objective] {
            #expect(throws: LearningError.self) {
                try Trainer(
                    network: test.network, plan: TrainingPlan(stepCount: 4), anyObjective: objective,
                    rule: LocalGradients(LocalRule()), seed: 1, threads: 1)
            }
        }
    }
}
