import Networks
import Neurons
import SpikeDatasets

/// What inferences of a network take, beside their spikes.
public struct InferenceCost: Sendable, Hashable, Codable {
    /// Over all samples, in one pass.
    public var operations: SynapticOperations
    /// Neurons that spike, the inputs left out; 0 of a model without spikes.
    public var neuronCount: Int
    /// Time steps of an inference.
    public var stepCount: Int
    /// Shots of an inference: 1 where one pass decides, with each neuron measured once a step or none at all; shots × neurons × steps
    /// where neurons estimate what decides their spikes, each shot a circuit of its own; nil where they take it exactly, for which there
    /// is only the simulator.
    public var shots: Int?

    public init(operations: SynapticOperations, neuronCount: Int, stepCount: Int, shots: Int?) {
        self.operations = operations
        self.neuronCount = neuronCount
        self.stepCount = stepCount
        self.shots = shots
    }

    private enum CodingKeys: String, CodingKey {
        case operations, shots
        case neuronCount = "neurons"
        case stepCount = "steps"
    }
}

extension Trainer {
    /// Counts what classifying takes: operations along the spikes of the first pass of `evaluate(on:repetitions:)`.
    ///
    /// Numbers that an objective trains beside the network are not counted.
    ///
    /// - Throws: ``LearningError`` for images that do not fit the network.
    public func inferenceCost(on data: LabelledDataset) throws -> InferenceCost {
        let source = samples(data)
        try check(source)
        let evaluator = Evaluator(self, seed: seed)
        var counter = SynapseCounter(network)
        for indices in evaluator.batches(of: source) {
            _ = try evaluator.judge(source, indices, epoch: Evaluator.firstEpoch)
            counter.add(input: evaluator.simulator.lastInput, rasters: evaluator.simulator.rasters)
        }
        return InferenceCost(
            operations: counter.operations,
            neuronCount: network.populations.reduce(0) { $0 + $1.neuronCount }, stepCount: plan.stepCount,
            shots: network.shots(stepCount: plan.stepCount))
    }
}

extension Network {
    /// ``InferenceCost/shots``
    func shots(stepCount: Int) -> Int? {
        var sum = 0
        for population in populations {
            guard let shots = population.model.estimationShots else { return nil }
            sum += shots * population.neuronCount * stepCount
        }
        return max(sum, 1)
    }
}
