import Compute
import Neurons

/// The synapses from one population (or the input) to another, with their weights.
///
/// Full projections pack their weights for the event-driven kernels: `[current][postsynaptic tile][input][64]`, so that
/// the weights of one input onto 64 neurons are four cache lines in a row. All others keep `[current][weight]`, in the
/// order of their runs.
public struct Projection: Sendable, Equatable {
    public let connectivity: Connectivity
    /// Presynaptic neurons, at most 65,536: where spikes are pooled first, those of the pooled plane.
    public let inputCount: Int
    /// Postsynaptic neurons.
    public let neuronCount: Int
    /// Currents of a postsynaptic neuron, each with weights of its own: channel n of a presynaptic neuron makes current n, or a
    /// single channel all of them.
    public let currentCount: Int
    /// The synapses; nil where all neurons are connected.
    package let runs: SynapseRuns?
    package var weights: AlignedBuffer<Float>

    /// A projection with all weights 0.
    ///
    /// - Parameter connectivity: checked by the graph that it comes from.
    init(_ connectivity: Connectivity, inputCount: Int, neuronCount: Int, currentCount: Int) {
        precondition(inputCount > 0 && neuronCount > 0 && currentCount > 0)
        self.connectivity = connectivity
        self.inputCount = inputCount
        self.neuronCount = neuronCount
        self.currentCount = currentCount
        let runs =
            connectivity == .full
            ? nil : SynapseRuns(connectivity, inputCount: inputCount, neuronCount: neuronCount)
        self.runs = runs
        weights = AlignedBuffer(
            repeating: 0,
            count: currentCount
                * Self.currentSize(runs, inputCount: inputCount, neuronCount: neuronCount))
    }

    private static func currentSize(_ runs: SynapseRuns?, inputCount: Int, neuronCount: Int) -> Int {
        if let runs {
            let group = SynapseRuns.weightGroup
            return (runs.parameterCount + group - 1) / group * group
        }
        return Population.tileCount(neuronCount) * inputCount * tileWidth
    }

    /// Elements of `weights` of one current.
    package var currentSize: Int {
        Self.currentSize(runs, inputCount: inputCount, neuronCount: neuronCount)
    }

    /// Trainable numbers.
    public var parameterCount: Int {
        currentCount * (runs?.parameterCount ?? inputCount * neuronCount)
    }

    /// The weight w_p of one synapse; 0 where there is none, which cannot be changed. Synapses of a convolution share
    /// theirs.
    public subscript(input: Int, neuron: Int, current: Int = 0) -> Float {
        get { index(input, neuron, current).map { weights[$0] } ?? 0 }
        set {
            guard let index = index(input, neuron, current) else {
                preconditionFailure("no synapse from \(input) to \(neuron)")
            }
            weights[index] = newValue
        }
    }

    private func index(_ input: Int, _ neuron: Int, _ current: Int) -> Int? {
        precondition(
            (0..<inputCount).contains(input) && (0..<neuronCount).contains(neuron)
                && (0..<currentCount).contains(current))
        let first = current * currentSize
        guard let runs else {
            return first + (neuron / tileWidth * inputCount + input) * tileWidth + neuron % tileWidth
        }
        return runs.parameter(input, neuron).map { first + $0 }
    }

    /// Elements of one tile of packed weights.
    package var tileSize: Int { inputCount * tileWidth }

    /// Draws the weights uniformly in ±`gain`/√(synapses of the neuron); those that an explicit connectivity gives are
    /// set instead.
    mutating func initialize(gain: Double, using random: inout some RandomNumberGenerator) {
        for current in 0..<currentCount {
            if let runs {
                let fanIns = runs.fanIns(ofParameters: runs.parameterCount)
                for (parameter, fanIn) in fanIns.enumerated() {
                    let bound = gain / Double(fanIn).squareRoot()
                    weights[current * currentSize + parameter] =
                        Float(Double.random(in: -bound...bound, using: &random))
                }
            } else {
                let bound = gain / Double(inputCount).squareRoot()
                for neuron in 0..<neuronCount {
                    for input in 0..<inputCount {
                        self[input, neuron, current] =
                            Float(Double.random(in: -bound...bound, using: &random))
                    }
                }
            }
        }
        setGivenWeights()
    }

    /// Sets the weights that an explicit connectivity gives.
    mutating func setGivenWeights() {
        guard case .explicit(let synapses) = connectivity else { return }
        for current in 0..<currentCount {
            for synapse in synapses {
                if let weight = synapse.weight {
                    self[synapse.source, synapse.target, current] = Float(weight)
                }
            }
        }
    }
}

extension Projection {
    /// Whether there is a synapse.
    public func connects(_ input: Int, _ neuron: Int) -> Bool { index(input, neuron, 0) != nil }

    /// Adds numbers of synapses, `[neuron][input]` with `rowLength` numbers a neuron, to a buffer in the layout of one
    /// current of the weights; where there is no synapse they are left out, and those that share a weight are added up.
    package func add(
        _ rows: BufferView<Float>, rowLength: Int, current: Int, to target: MutableBufferView<Float>
    ) {
        for neuron in 0..<neuronCount {
            for input in 0..<inputCount {
                guard let place = index(input, neuron, current) else { continue }
                target[place] += rows[neuron * rowLength + input]
            }
        }
    }
}
