import Baselines
import Compute
import Learning
import Networks

/// A trainer as run folders keep it: parameters with their moments, and where the run stands. Never neuron state: there is none between
/// batches.
package protocol RunTrainer: ModelTrainer {
    /// Updates done.
    var updateCount: Int { get }
    /// Whether all numbers are such that a checkpoint of them can be gone on with.
    var isSound: Bool { get }

    /// Hands over every group of parameters, to read or to change.
    mutating func updateStored(_ body: (inout StoredParameter) throws -> Void) rethrows
    /// Sets where the run stands.
    mutating func stand(at progress: TrainingProgress, updateCount: Int)
    /// Makes the run longer or shorter.
    mutating func setEpochCount(_ epochCount: Int)
}

/// A group of parameters with their moments, under its name in a checkpoint.
package struct StoredParameter {
    let name: String
    let layout: ParameterLayout
    var values: AlignedBuffer<Float>
    /// As many as the optimiser has.
    var moments: [AlignedBuffer<Float>]
}

extension RunTrainer {
    var stored: [StoredParameter] {
        var copy = self
        var all: [StoredParameter] = []
        copy.updateStored { all.append($0) }
        return all
    }
}

extension Trainer: RunTrainer {
    package var updateCount: Int { optimizerState.updateCount }

    /// `projections.N.weights`, `[neuron, input]` where all neurons are connected (`[current, neuron, input]` with several currents),
    /// otherwise `[current, weight]` in the order of the synapses; `populations.N.GROUP`, such as `angles`, `[neuron, parameter]`;
    /// `objective.values` where the objective trains numbers of its own.
    package mutating func updateStored(_ body: (inout StoredParameter) throws -> Void) rethrows {
        var (network, state, values) = (network, optimizerState, objective.trainedValues)
        for index in network.projections.indices {
            var parameter = StoredParameter(
                name: "projections.\(index).weights", layout: .weights(network.projections[index]),
                values: network.projections[index].weights, moments: state.weightMoments.map { $0[index] })
            try body(&parameter)
            network.withProjection(index) { $0.weights = parameter.values }
            for (moment, buffer) in parameter.moments.enumerated() {
                state.weightMoments[moment][index] = buffer
            }
        }
        for (index, population) in network.populations.enumerated() {
            var first = 0
            for group in population.model.parameterGroups {
                defer { first += group.count }
                var parameter = StoredParameter(
                    name: "populations.\(index).\(group.name)",
                    layout: .parameters(population, first..<first + group.count),
                    values: network.populations[index].parameters,
                    moments: state.neuronMoments.map { $0[index] })
                try body(&parameter)
                network.withPopulation(index) { $0.parameters = parameter.values }
                for (moment, buffer) in parameter.moments.enumerated() {
                    state.neuronMoments[moment][index] = buffer
                }
            }
        }
        if var own = values {
            var parameter = StoredParameter(
                name: "objective.values", layout: .row(of: own.values), values: own.values,
                moments: own.moments)
            try body(&parameter)
            (own.values, own.moments) = (parameter.values, parameter.moments)
            values = own
        }
        replace(network: network, trainedValues: values, optimizerState: state, progress: progress)
    }

    package mutating func stand(at progress: TrainingProgress, updateCount: Int) {
        var state = optimizerState
        state.updateCount = updateCount
        replace(
            network: network, trainedValues: objective.trainedValues, optimizerState: state,
            progress: progress)
    }
}

extension QNNTrainer: RunTrainer {
    /// `input.weights`, `[qubit, input]`, the qubits of circuit after circuit; `input.biases`; `angles`, `[circuit, angle]`;
    /// `output.weights`, `[class, qubit]`; `output.biases`.
    package mutating func updateStored(_ body: (inout StoredParameter) throws -> Void) rethrows {
        var parameters = parameters
        for part in QNNParameters.parts {
            let own = parameters[keyPath: part.field]
            var stored = StoredParameter(
                name: part.name,
                layout: .rows(rowCount(part.field), of: own.values),
                values: own.values, moments: own.moments)
            try body(&stored)
            parameters[keyPath: part.field].values = stored.values
            parameters[keyPath: part.field].moments = stored.moments
        }
        replace(parameters: parameters, updateCount: updateCount, progress: progress)
    }

    private func rowCount(_ field: KeyPath<QNNParameters, TrainedValues>) -> Int {
        switch field {
        case \.inputWeights: qnn.width
        case \.angles: qnn.circuitCount
        case \.outputWeights: classCount
        default: 1
        }
    }

    package mutating func stand(at progress: TrainingProgress, updateCount: Int) {
        replace(parameters: parameters, updateCount: updateCount, progress: progress)
    }
}
