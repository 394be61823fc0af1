import Compute
import LocalLearning
import Networks
import Neurons

extension Recipe {
    /// The local rule on a graph, counted; nil for surrogate gradients.
    func localCounts(_ graph: NetworkGraph, threadCount: Int) -> LocalCounts? {
        local.map {
            let trained = TrainedParts(trained ?? .all, of: graph)
            return LocalCounts(
                $0, graph: graph, stepCount: stepCount, threadCount: threadCount,
                trainsProjection: trained.includesProjection, trainsPopulation: trained.includesPopulation)
        }
    }

    /// Bytes that a trainer of a graph holds: the network, and the moments of its optimiser.
    func trainerBytes(_ graph: NetworkGraph) -> Count {
        graph.networkBytes + graph.parameterSize.times(4, optimizerRule.momentCount)
    }

    /// Bytes that training takes beyond the data and the trainer at most: working memory of a batch, the next batch's
    /// spikes, and copies of parameters and moments while a checkpoint is written.
    ///
    /// - Parameter isOnBackend: whether a backend runs the circuits of the local rule, which are then all held at once.
    /// - Throws: `CircuitError` or `NoiseError` where the local rule cannot fold or run a circuit.
    func trainingBytes(_ graph: NetworkGraph, threadCount: Int, isOnBackend: Bool) throws -> Count {
        let size = SimulatorSize(
            graph, stepCount: stepCount, threadCount: threadCount, truncation: truncation)
        var bytes = max(
            size.memoryCeiling(sampleCount: Count(batchSize), regularizes: regularization != 0),
            size.forwardCeiling(sampleCount: Count(Evaluator.batchSize)))
        if let counts = localCounts(graph, threadCount: threadCount) {
            bytes += try counts.memoryCeiling(sampleCount: batchSize, isOnBackend: isOnBackend)
        }
        let words = (graph.input.neuronCount + 63) / 64 * graph.input.channelCount
        bytes += Count.of(16, words, batchSize, stepCount)
        let copies = (gradientNormLimit == nil ? 2 : 3) * (1 + optimizerRule.momentCount)
        return bytes + graph.parameterSize.times(4, copies)
    }

    /// Refuses a training that cannot be run whatever the machine: batches whose spikes cannot be listed, populations without
    /// random numbers of their own.
    func checkSizes(_ graph: NetworkGraph) throws(LearningError) {
        let samples = Count.of(batchSize, local?.passCount ?? 1)
        if let problem = graph.batchProblem(sampleCount: samples, stepCount: stepCount) {
            throw .batch(problem)
        }
        let angleCounts = Set(
            graph.nodes.map { $0.model.parameterGroups.first { $0.name == ParameterGroup.anglesName }?.count ?? 0 })
        if let count = angleMeans?.count, !angleCounts.contains(count) {
            let expected = angleCounts.sorted().map(String.init).joined(separator: " or ")
            throw .recipe("angle_means has \(count) numbers, expected \(expected), one for each angle")
        }
        guard local == nil || graph.nodes.count <= LocalCounts.largestPopulationCount else {
            throw .recipe(
                "the local rule is for at most \(LocalCounts.largestPopulationCount) populations, found "
                    + "\(graph.nodes.count); join some of them, or train by surrogate gradients")
        }
    }

    /// What would need less memory.
    static let memoryRemedy = "take smaller hidden layers, a smaller batch, or fewer steps"
}
