import Compute
import SpikingNeurons

/// The synapses from one population (or the input) to another: every neuron to every neuron.
///
/// Weights are packed for the event-driven kernels: `[postsynaptic tile][input][64]`, so that the weights of
/// one input onto 64 neurons are four cache lines in a row.
public struct Projection: Sendable, Equatable {
    /// Presynaptic neurons, at most 65,536.
    public let inputCount: Int
    /// Postsynaptic neurons.
    public let neuronCount: Int
    package var weights: AlignedBuffer<Float>

    /// A projection with all weights 0.
    public init(inputCount: Int, neuronCount: Int) {
        precondition(inputCount > 0 && neuronCount > 0)
        self.inputCount = inputCount
        self.neuronCount = neuronCount
        let tiles = Population.tileCount(neuronCount)
        weights = AlignedBuffer(repeating: 0, count: tiles * inputCount * tileWidth)
    }

    /// The weight w_p of one synapse.
    public subscript(input: Int, neuron: Int) -> Float {
        get { weights[index(input, neuron)] }
        set { weights[index(input, neuron)] = newValue }
    }

    private func index(_ input: Int, _ neuron: Int) -> Int {
        precondition((0..<inputCount).contains(input) && (0..<neuronCount).contains(neuron))
        return (neuron / tileWidth * inputCount + input) * tileWidth + neuron % tileWidth
    }

    /// Elements of one tile of weights.
    package var tileSize: Int { inputCount * tileWidth }
}
