import Neurons
import QuantumCircuits

/// What ``MemoryAnalysis`` found for one circuit.
public struct MemoryReport: Codable, Hashable, Sendable {
    /// The circuit's name.
    public let name: String
    /// Largest spread of p(s_T = 1) over the neuron's own past spikes, in 0 ... 1.
    public let spreadOverOwnSpikes: Double
    /// Largest spread of E[s_T] over past currents, in 0 ... 1.
    public let spreadOverPastCurrents: Double
    /// What the two mean, in words.
    public let verdict: String

    public init(name: String, spreadOverOwnSpikes: Double, spreadOverPastCurrents: Double) {
        self.name = name
        self.spreadOverOwnSpikes = spreadOverOwnSpikes
        self.spreadOverPastCurrents = spreadOverPastCurrents
        verdict =
            switch (
                spreadOverOwnSpikes > MemoryAnalysis.rounding,
                spreadOverPastCurrents > MemoryAnalysis.rounding
            ) {
            case (false, false): "no memory: the spike depends on the current alone"
            case (true, false): "remembers its own spikes, not its inputs"
            case (false, true): "remembers past inputs, not its own spikes"
            case (true, true): "remembers past inputs and its own spikes"
            }
    }
}
