import DeviceNoise
import QuantumCircuits
import QuantumBackends
import Testing

/// Counted by hand.
struct CircuitCostTests {
    private func cost(
        _ gates: [Gate], ioQubits: Int = 1, memoryQubits: Int = 1, stepCount: Int = 1,
        device: NoiseParameters? = nil
    ) throws -> CircuitCost {
        let circuit = try Circuit(ioQubits: ioQubits, memoryQubits: memoryQubits, gates: gates)
        return CircuitCost(try NeuronCircuit(circuit, stepCount: stepCount), on: device)
    }

    @Test(
        "gates on two qubits are one or two CX and gates on one",
        arguments: [
            (Gate(.cx, qubits: [0, 1]), 0, 1), (Gate(.cz, qubits: [0, 1]), 2, 1),
            (Gate(.crx, qubits: [0, 1], angle: .fixed(1)), 4, 2),
            (Gate(.cry, qubits: [0, 1], angle: .fixed(1)), 2, 2),
            (Gate(.crz, qubits: [0, 1], angle: .fixed(1)), 2, 2),
            (Gate(.rxx, qubits: [0, 1], angle: .fixed(1)), 5, 2),
            (Gate(.ryy, qubits: [0, 1], angle: .fixed(1)), 5, 2),
            (Gate(.rzz, qubits: [0, 1], angle: .fixed(1)), 1, 2),
        ])
    func decomposition(gate: Gate, oneQubit: Int, twoQubit: Int) throws {
        let cost = try cost([gate])
        // The embedding is one more gate on one qubit.
        #expect(cost.oneQubitGates == oneQubit + 1 && cost.twoQubitGates == twoQubit)
        #expect(cost.measurements == 1 && cost.resets == 1)
    }

    @Test("the default circuit over ten steps")
    func exchange() throws {
        let cost = CircuitCost(try Examples.neuron(stepCount: 10))
        // A step: embedding, three CRX of 4 + 2, a rotation on each qubit.
        #expect(cost.oneQubitGates == 10 * (1 + 12 + 2) && cost.twoQubitGates == 60)
        #expect(cost.measurements == 10 && cost.resets == 10 && cost.shotDuration == nil)
        // Scheduled by a few lines of Python, gate by gate.
        #expect(cost.depth == 171)
        let onEagle = CircuitCost(try Examples.neuron(stepCount: 10), on: Device.eagle.noise)
        #expect(abs((onEagle.shotDuration ?? 0) - 68.6) < 1e-9)
    }

    @Test("layers and times are of the longest way through the circuit")
    func schedule() throws {
        var device = NoiseParameters()
        device.oneQubitGates.duration = 50
        device.twoQubitGates.duration = 400
        device.qubits.measurement = 1000
        let gates = [Gate(.cx, qubits: [0, 1]), Gate(.rx, qubits: [1], angle: .fixed(1))]
        let one = try cost(gates, device: device)
        // rx, cx, measurement, reset (measurement and conditional X); the memory's rx in parallel.
        #expect(one.depth == 4)
        #expect(one.shotDuration == 50e-3 + 0.4 + 1 + 1 + 50e-3)
        let two = try cost(gates, stepCount: 2, device: device)
        #expect(two.depth == 8)
        #expect(abs((two.shotDuration ?? 0) - 2 * 2.5) < 1e-12)
        // Without memory to wait for, long gates of the memory come last.
        let long = try cost([Gate](repeating: gates[1], count: 100), device: device)
        #expect(long.depth == 100 && long.shotDuration == 5)
    }

    @Test("a rotation about Z that takes no time on a device takes none here")
    func virtualGates() throws {
        let crz = [Gate(.crz, qubits: [0, 1], angle: .fixed(1))]
        let eagle = Device.eagle.noise
        // Embedding 60 ns, two gates of 660 ns, measurement and reset 1300 ns each, and 60 ns of a conditional X.
        let cost = try cost(crz, device: eagle)
        #expect(abs((cost.shotDuration ?? 0) - (0.06 + 2 * 0.66 + 2 * 1.3 + 0.06)) < 1e-12)
    }
}
