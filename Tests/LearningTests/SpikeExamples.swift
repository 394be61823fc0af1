import Compute
import Networks
import Neurons
import QuantumCircuits
import SpikeTrains

@testable import Learning

/// Small networks, and spikes drawn at random.
enum SpikeExamples {
    static func network(
        inputCount: Int, layers: [Int], model: (any NeuronModel)? = nil, weightGain: Double = 1.5,
        seed: UInt64 = 1
    ) throws -> Network {
        let exchange = SQS(try Ansatz.exchange.circuit())
        var network = try Network(
            inputCount: inputCount,
            populations: try layers.map { try Population(model: model ?? exchange, neuronCount: $0) })
        try network.initialize(seed: seed, weightGain: weightGain, angleMean: 0.5, angleDeviation: 0.6)
        return network
    }

    static func raster(samples: Int, steps: Int, neurons: Int, seed: UInt64) -> SpikeRaster {
        var random = RandomStream(seed: seed, purpose: .analysis).generator()
        var raster = SpikeRaster(sampleCount: samples, stepCount: steps, neuronCount: neurons)
        for sample in 0..<samples {
            for step in 0..<steps {
                for neuron in 0..<neurons { raster[sample, step, neuron] = Bool.random(using: &random) }
            }
        }
        return raster
    }
}
