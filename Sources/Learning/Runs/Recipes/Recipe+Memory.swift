import Compute
import Learning
import LocalLearning
import Networks
import Neurons

extension Recipe {
    /// The local rule on a graph, counted; nil for surrogate gradients.
    func localCounts(_ graph: NetworkGraph, threadCount: Int) -> LocalCounts? {
        local.map { LocalGradients($0).counts(graph, plan, threadCount: threadCount) }
    }

    /// Bytes that a trainer of a graph holds: the network, and the moments of its optimiser.
    func trainerBytes(_ graph: NetworkGraph) -> Count { plan.trainerBytes(graph) }

    /// Bytes that training takes beyond the data and the trainer at most.
    ///
    /// - Parameter isOnBackend: whether a backend runs the circuits of the local rule, which are then all held at once.
    /// - Throws: `CircuitError` or `NoiseError` where the local rule cannot fold or run a circuit.
    func trainingBytes(_ graph: NetworkGraph, threadCount: Int, isOnBackend: Bool) throws -> Count {
        try plan.trainingBytes(
            graph, rule(isOnBackend: isOnBackend), passCount: local?.passCount ?? 1, threadCount: threadCount)
    }

    /// Refuses a training that cannot be run whatever the machine: batches whose spikes cannot be listed, means for angles that no
    /// neuron has, populations without random numbers of their own.
    func checkSizes(_ graph: NetworkGraph) throws(LearningError) {
        let samples = Count.of(batchSize, local?.passCount ?? 1)
        if let problem = graph.batchProblem(sampleCount: samples, stepCount: stepCount) {
            throw .batch(problem)
        }
        let angleCounts = Set(
            graph.nodes.map {
                $0.model.parameterGroups.first { $0.name == ParameterGroup.anglesName }?.count ?? 0
            })
        if let count = angleMeans?.count, !angleCounts.contains(count) {
            let expected = angleCounts.sorted().map(String.init).joined(separator: " or ")
            throw .recipe("angle_means has \(count) numbers, expected \(expected), one for each angle")
        }
        if let local {
            try LocalGradients(local).check(graph, TargetLikelihood(passCount: local.passCount))
        }
    }
}
