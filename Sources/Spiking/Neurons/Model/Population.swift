import Compute

/// Neurons of one model, each with parameters of its own.
///
/// Quantities of a population are stored in tiles of 64 neurons (`tileWidth`), neuron innermost, so that
/// one register holds the same quantity of sixteen neurons. The lanes past the last neuron are zero.
public struct Population: Sendable, Equatable {
    private let storedModel: AnyNeuronModel
    public var model: any NeuronModel { storedModel.model }
    public let neuronCount: Int
    /// Trainable numbers of one neuron.
    public let parameterCount: Int
    /// `[tile][parameter][64]`, in the order of the model's groups.
    package var parameters: AlignedBuffer<Float>

    /// Neurons of a population at most.
    public static let largestCount = 65536

    /// A population whose parameters are 0, or what their group's constant law says.
    ///
    /// - Parameter neuronCount: 1 to ``largestCount``.
    /// - Throws: ``NeuronError/input(place:problem:)`` for another number of neurons.
    public init(model: any NeuronModel, neuronCount: Int) throws(NeuronError) {
        guard (1...Self.largestCount).contains(neuronCount) else {
            throw .input(
                place: "population",
                problem: "found \(neuronCount) neurons, expected 1 to \(Self.largestCount)")
        }
        self.init(model, lanes: neuronCount)
    }

    /// - Parameter neuronCount: checked by whoever asks; probes of neurons may be more than neurons.
    package init(_ model: any NeuronModel, lanes neuronCount: Int) {
        precondition(neuronCount > 0, "a population has neurons")
        storedModel = AnyNeuronModel(model)
        self.neuronCount = neuronCount
        parameterCount = model.parameterCount
        parameters = AlignedBuffer(
            repeating: 0, count: Population.tileCount(neuronCount) * parameterCount * tileWidth)
        var first = 0
        for group in model.parameterGroups {
            if case .constant(let value) = group.initial {
                for neuron in 0..<neuronCount {
                    for parameter in first..<first + group.count {
                        parameters[index(neuron, parameter)] = Float(value)
                    }
                }
            }
            first += group.count
        }
    }

    /// Tiles that hold this many neurons.
    package static func tileCount(_ neuronCount: Int) -> Int { (neuronCount + tileWidth - 1) / tileWidth }

    package var tileCount: Int { Population.tileCount(neuronCount) }

    /// Neurons of one tile that exist.
    package func neuronCount(ofTile tile: Int) -> Int { min(neuronCount - tile * tileWidth, tileWidth) }

    /// The parameters of one neuron, in the order of the model's groups: of a quantum neuron its angles, radians, in the order of
    /// its circuit's.
    public subscript(parameters neuron: Int) -> [Float] {
        get { (0..<parameterCount).map { parameters[index(neuron, $0)] } }
        set {
            precondition(newValue.count == parameterCount)
            for (parameter, value) in newValue.enumerated() { parameters[index(neuron, parameter)] = value }
        }
    }

    private func index(_ neuron: Int, _ parameter: Int) -> Int {
        precondition((0..<neuronCount).contains(neuron))
        let tile = neuron / tileWidth
        return (tile * parameterCount + parameter) * tileWidth + neuron % tileWidth
    }
}
