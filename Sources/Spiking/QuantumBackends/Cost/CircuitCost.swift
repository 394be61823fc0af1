import DeviceNoise
import QuantumCircuits

/// What one shot of a neuron circuit asks of a device.
///
/// Counted after each gate is taken apart into gates on one qubit and CX: CX is 1 two-qubit gate; CZ 1, with 2 Hadamards; CRX, CRY, CRZ,
/// RXX, RYY and RZZ 2. The embedding is a gate at every step, also of a current of 0. A gate on one qubit counts as one,
/// whatever it takes in pulses; a device's transpiler may merge gates, or need more where qubits are not coupled.
public struct CircuitCost: Hashable, Sendable, Encodable {
    public let oneQubitGates: Int
    public let twoQubitGates: Int
    /// T·N.
    public let measurements: Int
    /// T·N.
    public let resets: Int
    /// Layers, each gate, measurement and reset as early as its qubits allow.
    public let depth: Int
    /// Of one shot on a device, in µs; nil where no device is given.
    ///
    /// Everything as early as its qubits allow. A reset takes as long as a measurement and a conditional X. What a device waits between
    /// two shots (for IBM's some 250 µs, `rep_delay`) is not in it.
    public let shotDuration: Double?

    enum CodingKeys: String, CodingKey {
        case measurements, resets, depth
        case oneQubitGates
        case twoQubitGates
        case shotDuration = "shot_us"
    }

    /// - Parameter device: whose durations of gates and measurements are taken; those it does not give are 0.
    public init(_ neuron: NeuronCircuit, on device: NoiseParameters? = nil) {
        let circuit = neuron.circuit
        let io = Array(0..<circuit.ioQubits)
        let elements = circuit.gates.flatMap(\.named).flatMap(Element.decomposition)
        let measuring = io.compactMap { device?.qubitNoise($0).measurement }.max() ?? 0
        var depths = Timeline(qubitCount: circuit.qubitCount)
        var times = Timeline(qubitCount: circuit.qubitCount)
        for _ in 0..<neuron.stepCount {
            for channel in io {
                depths.add(1, on: [channel])
                times.add(
                    device?.gateNoise(names: ["rx", "embedding"], qubits: [channel]).duration ?? 0,
                    on: [channel])
            }
            for element in elements {
                depths.add(1, on: element.qubits)
                times.add(
                    device?.gateNoise(names: [element.name], qubits: element.qubits).duration ?? 0,
                    on: element.qubits)
            }
            for channel in io {
                let flip = device?.gateNoise(names: ["x"], qubits: [channel]).duration ?? 0
                depths.add(2, on: [channel])
                times.add(2 * measuring + flip, on: [channel])
            }
        }
        oneQubitGates = neuron.stepCount * (io.count + elements.count { $0.qubits.count == 1 })
        twoQubitGates = neuron.stepCount * elements.count { $0.qubits.count == 2 }
        measurements = neuron.stepCount * io.count
        resets = measurements
        depth = Int(depths.end)
        shotDuration = device.map { _ in times.end / 1000 }
    }

    /// When each qubit is free again.
    private struct Timeline {
        private var free: [Double]

        init(qubitCount: Int) { free = [Double](repeating: 0, count: qubitCount) }

        var end: Double { free.max() ?? 0 }

        mutating func add(_ duration: Double, on qubits: [Int]) {
            let start = qubits.map { free[$0] }.max() ?? 0
            for qubit in qubits { free[qubit] = start + duration }
        }
    }

    /// A gate that a device has.
    private struct Element {
        let name: String
        let qubits: [Int]

        /// The gates that a named gate is made of, in their order.
        static func decomposition(_ gate: Gate) -> [Element] {
            let (first, last) = (gate.qubits[0], gate.qubits[gate.qubits.count - 1])
            let cx = Element(name: "cx", qubits: [first, last])
            func on(_ qubit: Int, _ name: String) -> Element { Element(name: name, qubits: [qubit]) }
            switch gate.kind {
            case .rx, .ry, .rz, .h, .x: return [on(first, gate.kind.name)]
            case .cx: return [cx]
            case .cz: return [on(last, "h"), cx, on(last, "h")]
            case .crx:
                return [on(last, "h"), on(last, "rz"), cx, on(last, "rz"), cx, on(last, "h")]
            case .cry: return [on(last, "ry"), cx, on(last, "ry"), cx]
            case .crz: return [on(last, "rz"), cx, on(last, "rz"), cx]
            case .rzz: return [cx, on(last, "rz"), cx]
            case .rxx:
                return [on(first, "h"), on(last, "h"), cx, on(last, "rz"), cx, on(first, "h"), on(last, "h")]
            case .ryy:
                return [
                    on(first, "rx"), on(last, "rx"), cx, on(last, "rz"), cx, on(first, "rx"), on(last, "rx"),
                ]
            case .unitary: preconditionFailure("a gate given as a matrix was replaced by named ones")
            }
        }
    }
}
