import DeviceNoise
import Compute
import QuantumCircuits
import TestSupport

@testable import Neurons

/// Noisy neurons to test: devices that do everything a noise model can do.
enum NoisyCase {
    /// Depolarising, relaxation, measurement and readout, different for each qubit.
    static var device: NoiseParameters {
        var device = NoiseParameters()
        device.oneQubitGates = GateNoise(depolarizing: 0.01, duration: 60)
        device.twoQubitGates = GateNoise(depolarizing: 0.04, duration: 500)
        device.qubits = QubitNoise(
            t1: 20, t2: 15, measurement: 1500, readout: [[0.98, 0.02], [0.05, 0.95]])
        device.qubitRules = [QubitNoise(t1: 12, t2: 20), QubitNoise(readout: [[0.9, 0.1], [0.01, 0.99]])]
        return device
    }

    /// Every other channel, a rotation that turns too far, and Kraus operators that turn 1 and Z into X.
    static var everything: NoiseParameters {
        var device = device
        device.oneQubitGates.amplitudeDamping = 0.03
        device.oneQubitGates.phaseFlip = 0.02
        device.twoQubitGates.phaseDamping = 0.05
        device.twoQubitGates.bitFlip = 0.01
        device.twoQubitGates.overRotation = GateNoise.OverRotation(factor: 0.02, offset: 0.01)
        device.oneQubitGates.overRotation = GateNoise.OverRotation(factor: -0.03, offset: 0.05)
        var embedding = GateNoise()
        embedding.kraus = dampingAboutX
        device.gateRules = [GateNoiseRule(gate: "embedding", noise: embedding)]
        return device
    }

    /// Amplitude damping by 0.3 towards the +1 eigenstate of X instead of Z: H K H.
    private static var dampingAboutX: [ComplexMatrix] {
        let hadamard = GateKind.h.matrix(angle: 0)
        return NoiseChannel.amplitudeDamping(0.3).krausOperators.map { hadamard * $0 * hadamard }
    }

    static let devices: [(name: String, parameters: NoiseParameters)] = [
        ("device", device), ("everything", everything),
    ]

    /// Catalogue circuits and random ones of these numbers of qubits, each under each device.
    static func cases(
        _ sizes: [(Int, Int)], sampleCount: Int = 2, stepCount: Int, gateCount: Int = 10
    ) -> [PopulationCase] {
        sizes.flatMap { io, memory -> [PopulationCase] in
            let circuits = [
                try? Ansatz.exchange.circuit(ioQubits: io, memoryQubits: memory),
                try? RandomCircuit.make(
                    ioQubits: io, memoryQubits: memory, gateCount: gateCount,
                    seed: UInt64(10 * io + memory)
                ).circuit,
            ]
            return circuits.compactMap { $0 }.flatMap { circuit in
                devices.enumerated().compactMap { index, device -> PopulationCase? in
                    guard let noise = try? NoiseModel(device.parameters) else { return nil }
                    return PopulationCase(
                        SQS(circuit, noise: noise), name: "\(circuit.name) \(io)+\(memory), \(device.name)",
                        sampleCount: sampleCount, stepCount: stepCount, seed: UInt64(index))
                }
            }
        }
    }

    /// One case a number of channels and of forms.
    static func kernels(neuronCount: Int, sampleCount: Int = 3, stepCount: Int = 5) -> [PopulationCase] {
        let cases = [
            (try? Ansatz.exchange.circuit(ioQubits: 1, memoryQubits: 2), device),
            (try? Ansatz.partialSwap.circuit(ioQubits: 2, memoryQubits: 1), everything),
        ]
        return cases.compactMap { circuit, device -> PopulationCase? in
            guard let circuit, let noise = try? NoiseModel(device) else { return nil }
            return PopulationCase(
                SQS(circuit, noise: noise), name: "noisy \(circuit.name)", neuronCount: neuronCount,
                sampleCount: sampleCount, stepCount: stepCount)
        }
    }
}
