import Compute
import Neurons
import SpikeTrains

/// What a network did in a run: spikes, and on request what lies behind them.
public struct Activity: Sendable {
    /// What is recorded beside the spikes.
    public enum Quantity: String, Sendable, CaseIterable {
        /// p(s_t = 1 | own spikes before) of each channel; of neurons without chance 0 or 1.
        case probabilities
        /// z, (1), of each current.
        case currents
        /// The memory after each step, in the quantities of the neurons' model: ⟨X⟩, ⟨Y⟩, ⟨Z⟩ of each memory qubit, the membrane
        /// potential of a leaky integrate-and-fire neuron.
        case memory
    }

    /// One population in a run.
    public struct Population: Sendable {
        public let name: String
        public let spikes: SpikeRaster
        /// `[sample][step][neuron][channel]`; nil where not recorded.
        public let probabilities: [Float]?
        /// `[sample][step][neuron][current]`; nil where not recorded.
        public let currents: [Float]?
        /// `[sample][step][neuron][quantity]`, the quantities being ``memoryNames``; nil where not recorded.
        public let memory: [Float]?
        public let currentCount: Int
        public let memoryNames: [String]

        /// The quantity of the memory that varies most over neurons and steps, with its numbers, `[sample][step][neuron]`; nil where there is
        /// no memory, or it is not recorded.
        public var mostVaryingMemory: (name: String, numbers: [Float])? {
            guard let memory, !memoryNames.isEmpty, !memory.isEmpty else { return nil }
            let count = memoryNames.count
            let candidates = memoryNames.indices.map { quantity -> (variance: Double, numbers: [Float]) in
                let numbers = stride(from: quantity, to: memory.count, by: count).map { memory[$0] }
                let mean = numbers.reduce(0) { $0 + Double($1) } / Double(numbers.count)
                return (numbers.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }, numbers)
            }
            return zip(memoryNames, candidates).max { $0.1.variance < $1.1.variance }
                .map { (name: $0.0, numbers: $0.1.numbers) }
        }
    }

    /// In the order of the graph's nodes.
    public let populations: [Population]

    /// The population of a name; nil where there is none.
    public subscript(_ name: String) -> Population? { populations.first { $0.name == name } }
}

extension NetworkSimulator {
    /// The last run, of a simulator that keeps activity.
    package func activity(
        _ network: Network, recording quantities: Set<Activity.Quantity>, of names: Set<String>
    ) -> Activity {
        Activity(
            populations: zip(network.graph.nodes, populations).map { node, memory in
                let wanted = names.contains(node.name) ? quantities : []
                let model = node.model
                return Activity.Population(
                    name: node.name, spikes: memory.raster,
                    probabilities: wanted.contains(.probabilities)
                        ? memory.plain(memory.firing.view.view, count: memory.channelCount) : nil,
                    currents: wanted.contains(.currents)
                        ? memory.plain(memory.currents.view.view, count: memory.currentCount) : nil,
                    memory: wanted.contains(.memory) ? memory.states(model.memoryNames.count) : nil,
                    currentCount: memory.currentCount, memoryNames: model.memoryNames)
            })
    }
}

extension PopulationMemory {
    /// From the layout of the kernels to `[row][neuron][number]`.
    fileprivate func plain(_ values: BufferView<Float>, count: Int) -> [Float] {
        var plain: [Float] = []
        plain.reserveCapacity(raster.rowCount * raster.neuronCount * count)
        for row in 0..<raster.rowCount {
            for neuron in 0..<raster.neuronCount {
                for number in 0..<count {
                    plain.append(values[place(neuron: neuron, current: number, row: row)])
                }
            }
        }
        return plain
    }

    /// The memory after every step, `[sample][step][neuron][quantity]`.
    fileprivate func states(_ count: Int) -> [Float] {
        guard count > 0 else { return [] }
        return (0..<raster.sampleCount).flatMap { sample in
            (0..<raster.stepCount).flatMap { step in
                (0..<raster.neuronCount).flatMap {
                    simulator.memory(neuron: $0, sample: sample, window: step)
                }
            }
        }
    }
}
