import DeviceNoise
import QuantumCircuits
import Networks
import Neurons

extension NetworkGraph {
    /// The same graph with its neurons on a device with this noise, or on one without.
    ///
    /// - Throws: ``RunError/noise(model:)`` for a population whose circuit has no noise, and where none has a circuit; `NetworkError` where the device cannot
    ///   run the neurons, or they take too much memory.
    func running(on noise: NoiseModel?) throws -> NetworkGraph {
        if noise != nil, nodes.allSatisfy({ $0.model.circuit == nil }) {
            throw RunError.noise(model: nodes[0].model.kind)
        }
        let nodes = try nodes.map { node in
            guard let model = node.model.running(on: noise) else {
                throw RunError.noise(model: node.model.kind)
            }
            return Node(node.name, model: model, neuronCount: node.neuronCount)
        }
        return try NetworkGraph(input: input, nodes: nodes, edges: edges, outputs: outputs)
    }

    /// The same graph with a density matrix in place of the pure state that a neuron without noise carries: what credit through own spikes is
    /// taken along (docs/decisions/0027).
    func carryingDensities() throws -> NetworkGraph {
        let nodes = nodes.map { node in
            let isPure = (node.model as? SQS).map { $0.noise == nil } ?? false
            return Node(
                node.name, model: isPure ? node.model.running(on: NoiseModel.none) ?? node.model : node.model,
                neuronCount: node.neuronCount)
        }
        return try NetworkGraph(input: input, nodes: nodes, edges: edges, outputs: outputs)
    }
}
