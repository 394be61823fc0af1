import Compute
import QuantumCircuits

/// Neurons of one model, each with angles of its own.
///
/// Quantities of a population are stored in tiles of 64 neurons (`tileWidth`), neuron innermost, so that
/// one register holds the same quantity of sixteen neurons. The lanes past the last neuron are zero.
public struct Population: Sendable, Equatable {
    public let model: NeuronModel
    public let neuronCount: Int
    /// θ in radians, `[tile][angle][64]`.
    package var angles: AlignedBuffer<Float>

    /// Neurons of a population at most.
    public static let largestCount = 65536

    /// A population with all angles 0.
    ///
    /// - Parameter neuronCount: 1 to ``largestCount``.
    /// - Throws: ``NeuronError/input(place:problem:)`` for another number of neurons.
    public init(model: NeuronModel, neuronCount: Int) throws(NeuronError) {
        guard (1...Self.largestCount).contains(neuronCount) else {
            throw .input(
                place: "population",
                problem: "found \(neuronCount) neurons, expected 1 to \(Self.largestCount)")
        }
        self.init(model, lanes: neuronCount)
    }

    /// - Parameter neuronCount: checked by whoever asks; probes of neurons may be more than neurons.
    package init(_ model: NeuronModel, lanes neuronCount: Int) {
        precondition(neuronCount > 0, "a population has neurons")
        self.model = model
        self.neuronCount = neuronCount
        angles = AlignedBuffer(
            repeating: 0, count: Population.tileCount(neuronCount) * model.angleCount * tileWidth)
    }

    /// Tiles that hold this many neurons.
    package static func tileCount(_ neuronCount: Int) -> Int { (neuronCount + tileWidth - 1) / tileWidth }

    package var tileCount: Int { Population.tileCount(neuronCount) }

    /// Neurons of one tile that exist.
    package func neuronCount(ofTile tile: Int) -> Int { min(neuronCount - tile * tileWidth, tileWidth) }

    /// The angles of one neuron, radians, in the order of its circuit's parameters.
    public subscript(angles neuron: Int) -> [Float] {
        get { (0..<model.angleCount).map { angles[angleIndex(neuron, $0)] } }
        set {
            precondition(newValue.count == model.angleCount)
            for (parameter, angle) in newValue.enumerated() { angles[angleIndex(neuron, parameter)] = angle }
        }
    }

    private func angleIndex(_ neuron: Int, _ parameter: Int) -> Int {
        precondition((0..<neuronCount).contains(neuron))
        let tile = neuron / tileWidth
        return (tile * model.angleCount + parameter) * tileWidth + neuron % tileWidth
    }
}
