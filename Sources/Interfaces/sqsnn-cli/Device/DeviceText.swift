import DeviceNoise
import Files
import QuantumCircuits

/// A device as lines of text.
enum DeviceText {
    static func lines(_ device: Device) -> [String] {
        let noise = device.noise
        var lines = ["\(device.name): \(device.summary)"]
        if !device.source.isEmpty { lines.append("source  \(device.source)") }
        if !device.date.isEmpty { lines.append("date    \(device.date)") }
        var rows = [
            ("all qubits", text(noise.qubits)), ("one-qubit gates", text(noise.oneQubitGates)),
            ("two-qubit gates", text(noise.twoQubitGates)),
        ]
        rows += noise.qubitRules.enumerated().map { ("qubit \($0.offset)", text($0.element)) }
        rows += noise.gateRules.map { rule in
            let qubits = rule.qubits.map { "on " + $0.map(String.init).joined(separator: ", ") } ?? ""
            let name = [rule.gate ?? "gates", qubits].filter { !$0.isEmpty }.joined(separator: " ")
            return (name, text(rule.noise))
        }
        if let count = noise.qubitCount { rows.append(("size", "\(count) qubits")) }
        if let coupling = noise.coupling {
            let pairs = coupling.map { $0.map(String.init).joined(separator: "-") }.joined(separator: ", ")
            rows.append(("coupled", pairs.isEmpty ? "no qubits" : pairs))
        }
        let stated = rows.filter { !$0.1.isEmpty }
        let width = stated.map(\.0.count).max() ?? 0
        return lines + stated.map { $0.0.padded(to: width) + "  " + $0.1 }
    }

    private static func text(_ noise: QubitNoise) -> String {
        var parts: [String] = []
        if let t1 = noise.t1 { parts.append("T1 \(number(t1)) µs") }
        if let t2 = noise.t2 { parts.append("T2 \(number(t2)) µs") }
        if let measurement = noise.measurement { parts.append("measured in \(number(measurement)) ns") }
        if let readout = noise.readout {
            parts.append(
                readout.allSatisfy({ $0.count == 2 }) && readout.count == 2
                    ? "p(reads 1 | 0) \(number(readout[0][1])), p(reads 0 | 1) \(number(readout[1][0]))"
                    : "readout \(readout)")
        }
        return parts.joined(separator: ", ")
    }

    private static func text(_ noise: GateNoise) -> String {
        var parts: [String] = []
        if let rotation = noise.overRotation {
            parts.append("over-rotation \(number(rotation.factor)) × angle + \(number(rotation.offset)) rad")
        }
        let figures: [(String, Double?)] = [
            ("depolarizing", noise.depolarizing), ("amplitude damping", noise.amplitudeDamping),
            ("phase damping", noise.phaseDamping), ("bit flip", noise.bitFlip),
            ("phase flip", noise.phaseFlip),
        ]
        for (name, value) in figures {
            if let value { parts.append("\(name) \(number(value))") }
        }
        if let kraus = noise.kraus { parts.append("\(kraus.count) Kraus operators") }
        if let duration = noise.duration { parts.append("\(number(duration)) ns") }
        return parts.joined(separator: ", ")
    }

    private static func number(_ value: Double) -> String { String(printf: "%.6g", value) }
}
