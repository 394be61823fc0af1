import Compute
import Networks

extension Trainer {
    /// Bytes that training takes beyond the data at most, with network and optimiser.
    public var memoryCeiling: Int {
        // A rule that cannot be made is an error where training begins.
        (plan.trainerBytes(network.graph) + ((try? trainingBytes()) ?? .zero)).value
    }

    func trainingBytes() throws -> Count {
        try plan.trainingBytes(
            network.graph, rule, passCount: objective.passCount, threadCount: parallelism.threadCount)
    }

    /// What would need less memory.
    package static let memoryRemedy = "take smaller hidden layers, a smaller batch, or fewer steps"
}

extension TrainingPlan {
    /// Bytes that a trainer of a graph holds: the network, and the moments of its optimiser.
    package func trainerBytes(_ graph: NetworkGraph) -> Count {
        graph.networkBytes + graph.parameterSize.times(4, optimizer.momentCount)
    }

    /// Bytes that training takes beyond the data and the trainer at most: working memory of a batch, the next batch's
    /// spikes, and copies of parameters and moments while a checkpoint is written.
    ///
    /// - Throws: `CircuitError` or `NoiseError` where the rule cannot run a circuit.
    package func trainingBytes(
        _ graph: NetworkGraph, _ rule: some LearningRule, passCount: Int, threadCount: Int
    ) throws -> Count {
        let evaluation = SimulatorSize(
            graph, stepCount: stepCount, threadCount: threadCount, precision: precision
        )
        .forwardCeiling(sampleCount: Count(max(Evaluator.batchSize, passCount)))
        var bytes = max(
            try rule.memoryCeiling(graph, self, passCount: passCount, threadCount: threadCount), evaluation)
        let (count, channels) = (graph.input.neuronCount, graph.input.channelCount)
        let rowBytes = graph.input.signal == .values ? 4 * count : 8 * ((count + 63) / 64) * channels
        bytes += Count.of(2, rowBytes, batchSize, stepCount)
        let copies = (gradientNormLimit == nil ? 2 : 3) * (1 + optimizer.momentCount)
        // Sums of shards have eight bytes, beside a shard's own gradient.
        return bytes + graph.parameterSize.times(4, copies)
            + graph.parameterSize.times(gradientShards > 1 ? 12 : 0)
    }
}
