import Compute
import DeviceNoise
import Foundation
import QuantumCircuits
import Neurons
import TestSupport
import Testing

/// The reference neuron under every kind of noise at once.
struct NoisyNeuronTests {
    /// Every figure there is, different for qubits and gates.
    private static func noise(ioQubits: Int) throws -> NoiseModel {
        var parameters = NoiseParameters()
        parameters.oneQubitGates = GateNoise(depolarizing: 0.02, duration: 300)
        parameters.oneQubitGates.overRotation = .init(factor: 0.1, offset: 0.05)
        parameters.oneQubitGates.kraus = NoiseChannel.amplitudeDamping(0.03).krausOperators
        parameters.twoQubitGates = GateNoise(depolarizing: 0.05, duration: 2000)
        parameters.twoQubitGates.amplitudeDamping = 0.02
        parameters.twoQubitGates.phaseDamping = 0.03
        parameters.twoQubitGates.bitFlip = 0.01
        parameters.twoQubitGates.phaseFlip = 0.04
        parameters.twoQubitGates.overRotation = .init(factor: -0.07, offset: 0.1)
        parameters.twoQubitGates.kraus = NoiseChannel.overRotation(.crx, angle: 0.2).krausOperators
        parameters.qubits = QubitNoise(
            t1: 50, t2: 60, measurement: 3000, readout: [[0.97, 0.03], [0.08, 0.92]])
        parameters.qubitRules = [
            QubitNoise(readout: [[0.9, 0.1], [0.2, 0.8]]), QubitNoise(t1: 20, t2: 10),
        ]
        parameters.gateRules = [
            GateNoiseRule(gate: "embedding", noise: GateNoise(depolarizing: 0.2)),
            GateNoiseRule(gate: "h", qubits: [ioQubits], noise: GateNoise(depolarizing: 0.3, duration: 10)),
        ]
        return try NoiseModel(parameters)
    }

    /// Each channel is written twice in `NoiseChannel`, as Kraus operators, which the reference takes, and as a matrix of Pauli
    /// coefficients. Here the whole neuron is computed by the second, and answers the same.
    @Test(
        "density matrices with Kraus operators and Pauli coefficients give the same neuron",
        arguments: [(1, 1), (1, 2), (2, 1)])
    func pauliCoefficients(ioQubits: Int, memoryQubits: Int) throws {
        for seed in 1...3 as ClosedRange<UInt64> {
            let (circuit, angles) = try RandomCircuit.make(
                ioQubits: ioQubits, memoryQubits: memoryQubits, gateCount: 15, seed: seed)
            let noise = try Self.noise(ioQubits: ioQubits)
            let currents = RandomCircuit.currents(stepCount: 4, channels: ioQubits, seed: seed)
            let spikes = (0..<4).map { step in (0..<ioQubits).map { (step + $0 + Int(seed)) % 2 } }
            let response = try ReferenceNeuron(SQS(circuit, noise: noise), parameters: angles)
                .run(currents: currents, spikes: spikes)
            var neuron = PauliNeuron(circuit: circuit, angles: angles, noise: noise)
            for step in currents.indices {
                let patterns = neuron.step(currents: currents[step], spikes: spikes[step])
                for (found, expected) in zip(response.patternProbability[step], patterns) {
                    #expect(abs(found - expected) < 1e-13, "seed \(seed), step \(step)")
                }
            }
        }
    }

    @Test("no noise at all is the ideal neuron", arguments: [1, 2])
    func noNoise(seed: UInt64) throws {
        let (circuit, angles) = try RandomCircuit.make(ioQubits: 2, memoryQubits: 1, seed: seed)
        let currents = RandomCircuit.currents(stepCount: 3, channels: 2, seed: seed)
        let spikes = [[0, 1], [1, 0], [1, 1]]
        let ideal = try ReferenceNeuron(SQS(circuit), parameters: angles).run(
            currents: currents, spikes: spikes)
        let noisy = try ReferenceNeuron(SQS(circuit, noise: NoiseModel.none), parameters: angles)
            .run(currents: currents, spikes: spikes)
        #expect(ideal == noisy)
    }

    @Test(
        "gradients are the slopes of the log-likelihood, over-rotation and all",
        arguments: [(1, 1), (1, 2), (2, 1)])
    func gradients(ioQubits: Int, memoryQubits: Int) throws {
        let (circuit, angles) = try RandomCircuit.make(
            ioQubits: ioQubits, memoryQubits: memoryQubits, gateCount: 14, seed: 7)
        let noise = try Self.noise(ioQubits: ioQubits)
        let currents = RandomCircuit.currents(stepCount: 3, channels: ioQubits, seed: 7)
        let spikes = (0..<3).map { step in (0..<ioQubits).map { (step + $0) % 2 } }
        let gradient = try ReferenceNeuron(SQS(circuit, noise: noise), parameters: angles)
            .logLikelihoodGradient(currents: currents, spikes: spikes)
        let check = try gradientCheck(
            function: {
                try ReferenceNeuron(SQS(circuit, noise: noise), parameters: $0)
                    .run(currents: currents, spikes: spikes).logLikelihood
            }, at: angles, gradient: gradient.parameters, tolerance: 1e-9)
        #expect(check.passed, "\(check)")
        let positive = currents.flatMap { $0 }.enumerated().filter { $0.element > 0.01 }
        let ofCurrents = try gradientCheck(
            function: { values in
                var flat = currents.flatMap { $0 }
                for (place, value) in zip(positive, values) { flat[place.offset] = value }
                let changed = (0..<3).map { Array(flat[($0 * ioQubits)..<(($0 + 1) * ioQubits)]) }
                return try ReferenceNeuron(SQS(circuit, noise: noise), parameters: angles)
                    .run(currents: changed, spikes: spikes).logLikelihood
            }, at: positive.map(\.element),
            gradient: positive.map { gradient.currents.flatMap { $0 }[$0.offset] }, tolerance: 1e-9)
        #expect(ofCurrents.passed, "\(ofCurrents)")
    }
}

/// A noisy neuron by Pauli coefficients r_P = tr(P ρ) of all its qubits, gate by gate.
private struct PauliNeuron {
    let circuit: Circuit
    let angles: [Double]
    let noise: NoiseModel
    /// Of the memory, 4^M_q.
    private var memory: [Double]

    init(circuit: Circuit, angles: [Double], noise: NoiseModel) {
        self.circuit = circuit
        self.angles = angles
        self.noise = noise
        // |0⟩⟨0| has coefficients 1 of the identity and of Z.
        memory = (0..<(1 << (2 * circuit.memoryQubits))).map { Self.isDiagonal($0) ? 1 : 0 }
    }

    /// Whether a product of Pauli matrices, two bits each, holds only 1 (00) and Z (11).
    private static func isDiagonal(_ index: Int) -> Bool { (index ^ index >> 1) & 0x5555 == 0 }

    /// Probabilities of all patterns read; the memory goes on with the given spikes.
    mutating func step(currents: [Double], spikes: [Int]) -> [Double] {
        let memoryCount = memory.count
        var register = (0..<(1 << (2 * circuit.qubitCount))).map {
            Self.isDiagonal($0 / memoryCount) ? memory[$0 % memoryCount] : 0
        }
        let all = circuit.qubitCount
        for (channel, current) in currents.enumerated() where current > 0 {
            let angle = noise.embeddingFactor(channel: channel) * .pi * current
            Self.apply(.init(unitary: GateKind.rx.matrix(angle: angle)), [channel], of: all, to: &register)
            Self.apply(noise.noiseAfterEmbedding(channel: channel), [channel], of: all, to: &register)
        }
        for gate in noise.executed(circuit).gates {
            let matrix = gate.kind.matrix(angle: gate.angle(in: angles))
            Self.apply(.init(unitary: matrix), gate.qubits, of: all, to: &register)
            Self.apply(noise.noise(after: gate), gate.qubits, of: all, to: &register)
        }
        let collapsed = (0..<circuit.patternCount).map { pattern in
            (0..<memoryCount).map { index in
                // Σ_true readout · ⟨true| · |true⟩, by channels: 1 → ½ (1 and Z with its sign).
                (0..<circuit.patternCount).reduce(0.0) { sum, diagonal in
                    var weight = 1.0
                    var place = 0
                    for channel in 0..<circuit.ioQubits {
                        let bit = circuit.ioQubits - 1 - channel
                        let readout = noise.readout(channel: channel)
                        let read = pattern >> bit & 1
                        let (zero, one) = (readout[true: 0, read: read], readout[true: 1, read: read])
                        let isZ = diagonal >> bit & 1 == 1
                        weight *= (isZ ? zero - one : zero + one) / 2
                        place = place << 2 | (isZ ? 3 : 0)
                    }
                    return sum + weight * register[place * memoryCount + index]
                }
            }
        }
        let probabilities = collapsed.map { $0[0] }
        let chosen = spikes.reduce(0) { $0 << 1 | $1 }
        memory = collapsed[chosen].map { $0 / probabilities[chosen] }
        for qubit in 0..<circuit.memoryQubits {
            let map = noise.noiseDuringMeasurement(
                qubit: circuit.ioQubits + qubit, ioQubits: circuit.ioQubits)
            Self.apply(map, [qubit], of: circuit.memoryQubits, to: &memory)
        }
        return probabilities
    }

    /// Multiplies by a map on one or two qubits of the register.
    private static func apply(
        _ map: PauliTransferMatrix, _ qubits: [Int], of qubitCount: Int, to register: inout [Double]
    ) {
        let shifts = qubits.map { 2 * (qubitCount - 1 - $0) }
        let before = register
        for index in register.indices {
            let row = shifts.reduce(0) { $0 << 2 | index >> $1 & 3 }
            var sum = 0.0
            for column in 0..<map.dimension {
                var source = index
                for (place, shift) in shifts.enumerated() {
                    let digit = column >> (2 * (shifts.count - 1 - place)) & 3
                    source = source & ~(3 << shift) | digit << shift
                }
                sum += map[row, column] * before[source]
            }
            register[index] = sum
        }
    }
}
