import Compute
import SpikingNeurons

/// A feedforward spiking network: layer after layer, without delay between layers.
///
/// A value: copies are independent. Running it takes the input's raster and a stream of random numbers, and
/// returns the spikes; nothing is remembered between runs.
public struct Network: Sendable, Equatable {
    /// One population and the synapses onto it.
    public struct Layer: Sendable, Equatable {
        public var projection: Projection
        public var population: Population
    }

    public let inputCount: Int
    public private(set) var layers: [Layer]

    /// A network with all weights and angles 0.
    ///
    /// - Parameters:
    ///   - inputCount: inputs, at most 65,536.
    ///   - populations: the layers, input side first; one channel a neuron.
    /// - Throws: ``NetworkError`` for a layer that cannot be connected.
    public init(inputCount: Int, populations: [Population]) throws {
        guard !populations.isEmpty else { throw NetworkError.empty }
        guard (1...65536).contains(inputCount) else { throw NetworkError.inputs(inputCount) }
        self.inputCount = inputCount
        layers = []
        var presynaptic = inputCount
        for (index, population) in populations.enumerated() {
            guard population.model.channelCount == 1 else {
                throw NetworkError.channels(layer: index, found: population.model.channelCount)
            }
            guard population.model.noise == nil else { throw NetworkError.noise(layer: index) }
            guard population.neuronCount <= 65536 else {
                throw NetworkError.neurons(layer: index, found: population.neuronCount)
            }
            let projection = Projection(inputCount: presynaptic, neuronCount: population.neuronCount)
            layers.append(Layer(projection: projection, population: population))
            presynaptic = population.neuronCount
        }
    }

    /// Neurons of the last layer.
    public var outputCount: Int { layers[layers.count - 1].population.neuronCount }

    /// Trainable numbers: synaptic weights and angles.
    public var parameterCount: Int {
        layers.reduce(0) {
            $0 + $1.projection.inputCount * $1.projection.neuronCount
                + $1.population.neuronCount * $1.population.model.angleCount
        }
    }

    /// Whether every weight and every angle is a number of at most this magnitude.
    package func parametersAreWithin(_ limit: Float) -> Bool {
        layers.allSatisfy { layer in
            [layer.projection.weights, layer.population.angles].allSatisfy {
                $0.withUnsafeBufferPointer { $0.allSatisfy { $0.magnitude <= limit } }
            }
        }
    }

    /// Changes one layer in place.
    package mutating func withLayer<Result>(_ index: Int, _ body: (inout Layer) -> Result) -> Result {
        body(&layers[index])
    }
}

extension Network {
    /// Draws all parameters at random: weights uniform in ±`weightGain`/√(inputs of the neuron), angles
    /// normal with mean `angleMean` and standard deviation `angleDeviation` (radians).
    ///
    /// - Parameter seed: the run's seed; the numbers do not depend on anything else.
    public mutating func initialize(
        seed: UInt64, weightGain: Double = 1, angleMean: Double = 0, angleDeviation: Double = 0.1
    ) {
        for index in layers.indices {
            var random = RandomStream(seed: seed, purpose: .initialization, population: index).generator()
            let bound = weightGain / Double(layers[index].projection.inputCount).squareRoot()
            for neuron in 0..<layers[index].projection.neuronCount {
                for input in 0..<layers[index].projection.inputCount {
                    let weight = Double.random(in: -bound...bound, using: &random)
                    layers[index].projection[input, neuron] = Float(weight)
                }
            }
            var normal = RandomStream(seed: seed, purpose: .initialization, population: index)
                .generator(sample: 1)
            for neuron in 0..<layers[index].population.neuronCount {
                layers[index].population[angles: neuron] =
                    layers[index].population[angles: neuron].map { _ in
                        Float(angleMean + angleDeviation * Double.standardNormal(using: &normal))
                    }
            }
        }
    }
}
