import QuantumCircuits
import Neurons
import Testing

@testable import Networks

struct NetworkTests {
    @Test("a network that cannot be connected is refused with its reason")
    func errors() throws {
        func refusal(_ place: String, _ problem: String) -> NetworkError {
            .graph(place: place, problem: problem)
        }
        #expect(
            throws: refusal("populations", "found none, expected at least one; add an output population")
        ) { try Network(inputCount: 3, populations: []) }
        let population = try Population(model: LastSpikeFeedback(), neuronCount: 2)
        for count in [0, -1, 65537] {
            #expect(throws: refusal("input", "found \(count) neurons, expected 1 to 65536")) {
                try Network(inputCount: count, populations: [population])
            }
        }
        let wide = try Population(
            model: SQS(try Ansatz.exchange.circuit(ioQubits: 2, memoryQubits: 1)), neuronCount: 2)
        let mismatch = refusal(
            "projections[1] (hidden → output)",
            "found 1 channels before and 2 after the synapses, expected as many; "
                + "give both populations the same number of input-output qubits")
        #expect(throws: mismatch) {
            try Network(inputCount: 3, populations: [population, wide])
        }
        for count in [0, -1, 65537, Int.max] {
            #expect(
                throws: NeuronError.input(
                    place: "population", problem: "found \(count) neurons, expected 1 to 65536")
            ) { try Population(model: LastSpikeFeedback(), neuronCount: count) }
        }
        #expect(throws: refusal("populations", "found 2049, expected at most 2048; join some of them")) {
            try Network(inputCount: 1, populations: [Population](repeating: population, count: 2049))
        }
    }

    @Test("parameters are one weight a synapse and the angles of each neuron")
    func parameterCount() throws {
        let model = SQS(try Ansatz.exchange.circuit())
        let network = try Network(
            inputCount: 784,
            populations: [
                Population(model: model, neuronCount: 1000), Population(model: model, neuronCount: 10),
            ])
        #expect(network.parameterCount == 784 * 1000 + 1000 * 10 + 5 * 1010)
        #expect(network.outputCount == 10)
    }

    /// Uniform in ±gain/√inputs, normal angles; bounds at 5σ.
    @Test("initial parameters have the distribution asked for, follow the seed, and leave padding at 0")
    func initialization() throws {
        let model = SQS(try Ansatz.exchange.circuit())
        func make(seed: UInt64) throws -> Network {
            var network = try Network(
                inputCount: 100, populations: [Population(model: model, neuronCount: 200)])
            try network.initialize(seed: seed, weightGain: 2, angleMean: 0.5, angleDeviation: 0.1)
            return network
        }
        let network = try make(seed: 1)
        #expect(try make(seed: 1) == network)
        #expect(try make(seed: 2) != network)
        let weights = (0..<200).flatMap { neuron in
            (0..<100).map { Double(network.projections[0][$0, neuron]) }
        }
        #expect(weights.allSatisfy { abs($0) <= 0.2 })
        let variance = weights.reduce(0) { $0 + $1 * $1 } / 20_000
        // x² of x uniform in ±b has mean b²/3 and variance 4 b⁴/45.
        let deviation = (4 * 0.0016 / 45 / 20_000).squareRoot()
        #expect(abs(variance - 0.04 / 3) < 5 * deviation)
        let angles = (0..<200).flatMap { network.populations[0][parameters: $0].map { Double($0) } }
        let mean = angles.reduce(0, +) / 1000
        let meanDeviation = 0.1 / 1000.0.squareRoot()
        #expect(abs(mean - 0.5) < 5 * meanDeviation)
        let spread = angles.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / 1000
        let spreadDeviation = 0.01 * (2 / 1000.0).squareRoot()
        #expect(abs(spread - 0.01) < 5 * spreadDeviation)
        let all = network.projections[0].weights.array
        #expect(all.count(where: { $0 != 0 }) <= 20_000)
    }

    @Test("a copy of a network is independent")
    func values() throws {
        var network = try Network(
            inputCount: 2, populations: [Population(model: LastSpikeFeedback(), neuronCount: 3)])
        let copy = network
        network.withProjection(0) { $0[1, 2] = 0.5 }
        network.withPopulation(0) { $0[parameters: 1] = [1, 2, 3] }
        #expect(network.projections[0][1, 2] == 0.5)
        #expect(copy.projections[0][1, 2] == 0)
        #expect(copy.populations[0][parameters: 1] == [0, 0, 0])
    }
}
