import Compute
import Learning
import Networks
import Neurons
import QuantumCircuits
import SpikeTrains
import Testing

@testable import Runs

/// Checkpoints of trainers that no recipe made.
struct ObjectiveCheckpointTests {
    private static func trainer(_ objective: some Objective) throws -> Trainer {
        var network = try Network(
            inputCount: 5,
            populations: [
                Population(model: SQS(try Ansatz.exchange.circuit()), neuronCount: 3)
            ])
        try network.initialize(seed: 4)
        return try Trainer(
            network: network, plan: TrainingPlan(stepCount: 4, epochCount: 3, batchSize: 6),
            objective: objective, seed: 4, threads: 1)
    }

    private static func readout() -> LinearReadout {
        LinearReadout(
            neuronCount: 3, loss: .logistic,
            random: RandomStream(seed: 4, purpose: .initialization, population: 7))
    }

    private static func resumed(_ objective: some Objective, _ source: ArraySamples) throws -> [Trainer] {
        var whole = try trainer(objective)
        for _ in 0..<2 { _ = try whole.trainEpoch(on: source) }
        var stopped = try trainer(objective)
        _ = try stopped.trainEpoch(on: source)
        _ = try stopped.trainEpoch(on: source) { $0.batch < 2 }
        var restored = try trainer(objective)
        try restored.restore(stopped.checkpoint(), sampleCount: source.count)
        _ = try restored.trainEpoch(on: source)
        return [whole, restored]
    }

    @Test("a checkpoint holds what the objective trains, and training goes on from it to the same numbers")
    func readoutCheckpoint() throws {
        let values = (0..<20 * 4 * 5).map { Float($0 % 7) / 7 }
        let answers = (0..<40).map { Float($0 % 2) }
        let source = try ArraySamples(
            series: values, inputCount: 5, stepCount: 4,
            targets: .values(TargetValues(answers, steps: [1, 3])))
        let trainers = try Self.resumed(Self.readout(), source)
        #expect(trainers[0].network == trainers[1].network)
        #expect(trainers[0].objective.trainedValues == trainers[1].objective.trainedValues)
        #expect(trainers[0].weightsDigest == trainers[1].weightsDigest)
        let names = Set(try trainers[0].checkpoint().entries.map(\.name))
        #expect(names.isSuperset(of: ["objective.values", "moments.0.objective.values"]))
        // A trainer without such numbers refuses it.
        var other = try Self.trainer(TargetLikelihood(passCount: 1))
        #expect(throws: RunError.self) { try other.restore(trainers[0].checkpoint()) }
    }

    @Test("training on target spikes with several passes goes on from a checkpoint")
    func passes() throws {
        var spikes = SpikeRaster(sampleCount: 20, stepCount: 4, neuronCount: 3)
        var input = SpikeRaster(sampleCount: 20, stepCount: 4, neuronCount: 5)
        for sample in 0..<20 {
            for step in 0..<4 {
                spikes[sample, step, (sample + step) % 3] = true
                input[sample, step, (sample * step) % 5] = true
            }
        }
        let source = try ArraySamples(spikes: input, targets: .spikes(spikes))
        let trainers = try Self.resumed(TargetLikelihood(passCount: 3), source)
        #expect(trainers[0].network == trainers[1].network)
        #expect(trainers[0].weightsDigest == trainers[1].weightsDigest)
    }
}
