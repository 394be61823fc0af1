import Compute
import Networks
import Neurons

/// Keeps a gradient, and gives it back by synapse and angle.
final class GradientRecorder: GradientReceiver, @unchecked Sendable {
    // Each element is written once, by one thread, and read after the pass.
    private let network: Network
    private var weights: [[Float]]
    private var angles: [[Float]]
    private let isFrozen: @Sendable (Int) -> Bool

    /// - Parameter isFrozen: populations that are not trained, nor the synapses onto them.
    init(_ network: Network, isFrozen: @escaping @Sendable (Int) -> Bool = { _ in false }) {
        self.network = network
        self.isFrozen = isFrozen
        weights = network.projections.map { [Float](repeating: .nan, count: $0.weights.count) }
        angles = network.populations.map { [Float](repeating: .nan, count: $0.parameters.count) }
    }

    func trainsProjection(_ index: Int) -> Bool {
        !isFrozen(network.graph.nodeIndex(network.graph.edges[index].target) ?? 0)
    }
    func trainsPopulation(_ index: Int) -> Bool { !isFrozen(index) }

    func receiveWeights(projection: Int, offset: Int, gradient: BufferView<Float>) {
        for index in gradient.indices { weights[projection][offset + index] = gradient[index] }
    }

    func receiveParameters(population: Int, offset: Int, gradient: BufferView<Float>) {
        for index in gradient.indices { angles[population][offset + index] = gradient[index] }
    }

    /// ∂L/∂w of all synapses onto a population, projection after projection, `[channel][input][neuron]`, then ∂L/∂θ of all
    /// its angles, `[neuron][angle]`.
    func values(ofPopulation node: Int) -> [Double] {
        let name = network.graph.nodes[node].name
        var values: [Double] = []
        for (index, edge) in network.graph.edges.enumerated() where edge.target == name {
            var copy = network
            copy.withProjection(index) { projection in
                projection.weights = AlignedBuffer(weights[index])
                for current in 0..<projection.currentCount {
                    for input in 0..<projection.inputCount {
                        for neuron in 0..<projection.neuronCount where projection.connects(input, neuron) {
                            values.append(Double(projection[input, neuron, current]))
                        }
                    }
                }
            }
        }
        let population = network.populations[node]
        for neuron in 0..<population.neuronCount {
            for angle in 0..<population.model.parameterCount {
                let tile = neuron / tileWidth * population.model.parameterCount + angle
                values.append(Double(angles[node][tile * tileWidth + neuron % tileWidth]))
            }
        }
        return values
    }
}

/// Means with their standard errors, of vectors that come one by one.
struct VectorMean {
    private var sum: [Double] = []
    private var squares: [Double] = []
    private(set) var count = 0

    mutating func add(_ values: [Double]) {
        if sum.isEmpty {
            sum = values.map { _ in 0 }
            squares = sum
        }
        for (index, value) in values.enumerated() {
            sum[index] += value
            squares[index] += value * value
        }
        count += 1
    }

    var mean: [Double] { sum.map { $0 / Double(count) } }

    var standardError: [Double] {
        zip(sum, squares).map { sum, squares in
            let mean = sum / Double(count)
            return (max(squares / Double(count) - mean * mean, 0) / Double(count - 1)).squareRoot()
        }
    }

    /// The largest distance from the values expected, in standard errors; `allowance` is what the mean may be off by itself.
    func deviation(from expected: [Double], allowance: Double = 0) -> Double {
        zip(zip(mean, standardError), expected).reduce(0) { worst, entry in
            let ((mean, error), expected) = entry
            let distance = max(abs(mean - expected) - allowance, 0)
            return max(worst, distance == 0 ? 0 : distance / max(error, 1e-12))
        }
    }
}
