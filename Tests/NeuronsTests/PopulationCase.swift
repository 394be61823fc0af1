import Compute
import QuantumCircuits
import TestSupport
import Testing

@testable import Neurons

/// A population at random angles, and random currents to run it on.
///
/// All numbers are representable in single precision, so that every fast path and the reference get the same.
struct PopulationCase: Sendable, CustomTestStringConvertible {
    let name: String
    let model: any NeuronModel
    /// Radians, `[neuron][angle]`.
    let angles: [[Double]]
    /// z, `[sample][neuron][step][channel]`: a tenth exactly 0, a tenth negative, a tenth large.
    let currents: [[[[Double]]]]
    let stepCount: Int
    let seed: UInt64

    var neuronCount: Int { angles.count }
    var sampleCount: Int { currents.count }
    var rowCount: Int { sampleCount * stepCount }
    var channelCount: Int { model.channelCount }
    var tileCount: Int { (neuronCount + tileWidth - 1) / tileWidth }
    var testDescription: String { "\(name), \(neuronCount) neurons, \(stepCount) steps" }

    init(
        _ model: any NeuronModel, name: String, neuronCount: Int = 17, sampleCount: Int = 3, stepCount: Int,
        seed: UInt64 = 1
    ) {
        self.name = name
        self.model = model
        self.stepCount = stepCount
        self.seed = seed
        var random = RandomStream(seed: seed, purpose: .analysis).generator(sample: 77)
        angles = (0..<neuronCount).map { _ in
            (0..<model.parameterCount).map { _ in Double(Float.random(in: -3...3, using: &random)) }
        }
        currents = (0..<sampleCount).map { _ in
            (0..<neuronCount).map { _ in
                (0..<stepCount).map { _ in
                    (0..<model.channelCount).map { _ in
                        switch Int.random(in: 0..<10, using: &random) {
                        case 0: 0
                        case 1: Double(Float.random(in: -2...0, using: &random))
                        case 2: Double(Float.random(in: 2...40, using: &random))
                        default: Double(Float.random(in: 0...1.2, using: &random))
                        }
                    }
                }
            }
        }
    }

    private init(_ other: PopulationCase, angles: [[Double]], currents: [[[[Double]]]]) {
        (name, model, stepCount, seed) = (other.name, other.model, other.stepCount, other.seed)
        (self.angles, self.currents) = (angles, currents)
    }

    /// The same with the angles of the first neuron, and its currents in the first sample, for all.
    func withOneNeuronForAll() -> PopulationCase {
        let one = [[[Double]]](repeating: currents[0][0], count: neuronCount)
        return PopulationCase(
            self, angles: [[Double]](repeating: angles[0], count: neuronCount),
            currents: [[[[Double]]]](repeating: one, count: sampleCount))
    }

    /// The same with the first samples only.
    func first(_ sampleCount: Int) -> PopulationCase {
        PopulationCase(self, angles: angles, currents: Array(currents.prefix(sampleCount)))
    }

    func reference(_ neuron: Int) throws -> ReferenceNeuron {
        try ReferenceNeuron(model, parameters: angles[neuron])
    }

    var population: Population {
        var population = Population(model, lanes: neuronCount)
        for neuron in 0..<neuronCount { population[parameters: neuron] = angles[neuron].map { Float($0) } }
        return population
    }
}

extension PopulationCase {
    /// Numbers of input-output and memory qubits.
    static let sizes = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)]

    /// Every catalogue circuit and two random ones for each size, N = 1…2 and M_q = 1…3.
    static func circuits(stepCount: Int) -> [PopulationCase] {
        sizes.flatMap { io, memory -> [PopulationCase] in
            let named = Ansatz.catalogue.compactMap { try? $0.circuit(ioQubits: io, memoryQubits: memory) }
            let random = (0..<2).compactMap {
                try? RandomCircuit.make(
                    ioQubits: io, memoryQubits: memory, gateCount: 16,
                    seed: UInt64(100 * io + 10 * memory + $0)
                ).circuit
            }
            return (named + random).enumerated().map { index, circuit in
                PopulationCase(
                    SQS(circuit), name: "\(circuit.name) \(io)+\(memory)", stepCount: stepCount,
                    seed: UInt64(index))
            }
        }
    }

    /// Shapes that no kernel is made for: no memory, one qubit more than the largest, three channels.
    static func otherShapes(sampleCount: Int = 2, stepCount: Int) -> [PopulationCase] {
        [(1, 0), (1, 4), (3, 1)].flatMap { io, memory -> [PopulationCase] in
            let circuits = [
                try? Ansatz.exchange.circuit(ioQubits: io, memoryQubits: memory),
                try? RandomCircuit.make(
                    ioQubits: io, memoryQubits: memory, gateCount: 12, seed: UInt64(10 * io + memory)
                ).circuit,
            ]
            return circuits.compactMap { $0 }.map {
                PopulationCase(
                    SQS($0), name: "\($0.name) \(io)+\(memory)", sampleCount: sampleCount,
                    stepCount: stepCount)
            }
        }
    }

    /// Whether the path that networks take has an instrument of real numbers.
    var isReal: Bool { (model as? SQS)?.noise == nil && (model.circuit?.isRealGauge ?? false) }

    /// Whether the memory is put back at every step.
    var forgets: Bool { model is MemorylessSQS }

    /// The control models.
    static func controls(stepCount: Int, neuronCount: Int = 17) -> [PopulationCase] {
        let exchange = try? Ansatz.exchange.circuit(ioQubits: 1, memoryQubits: 1)
        let larger = try? Ansatz.exchange.circuit(ioQubits: 1, memoryQubits: 2)
        let swap = try? Ansatz.partialSwap.circuit(ioQubits: 2, memoryQubits: 2)
        return [exchange, larger, swap].compactMap { $0 }.map {
            PopulationCase(
                MemorylessSQS($0), name: "memoryless \($0.name)", neuronCount: neuronCount, stepCount: stepCount
            )
        } + [
            PopulationCase(
                LastSpikeFeedback(), name: "last-spike-feedback", neuronCount: neuronCount,
                stepCount: stepCount)
        ]
    }

    /// One case for each kernel: real gauge with one memory qubit and general, complex, each with one and two
    /// channels, the controls, and noisy devices.
    static func kernels(neuronCount: Int, sampleCount: Int = 3, stepCount: Int = 5) -> [PopulationCase] {
        let circuits = [
            try? Ansatz.exchange.circuit(), try? Ansatz.partialSwap.circuit(),
            try? Ansatz.exchange.circuit(ioQubits: 1, memoryQubits: 2),
            try? Ansatz.exchange.circuit(ioQubits: 2, memoryQubits: 2),
            try? Ansatz.partialSwap.circuit(ioQubits: 2, memoryQubits: 1),
        ].compactMap { $0 }
        return circuits.map {
            PopulationCase(
                SQS($0), name: "\($0.name) \($0.ioQubits)+\($0.memoryQubits)", neuronCount: neuronCount,
                sampleCount: sampleCount, stepCount: stepCount)
        } + [
            PopulationCase(
                MemorylessSQS(circuits[0]), name: "memoryless", neuronCount: neuronCount,
                sampleCount: sampleCount, stepCount: stepCount),
            PopulationCase(
                LastSpikeFeedback(), name: "last-spike-feedback", neuronCount: neuronCount,
                sampleCount: sampleCount, stepCount: stepCount),
        ] + NoisyCase.kernels(neuronCount: neuronCount, sampleCount: sampleCount, stepCount: stepCount)
    }
}
