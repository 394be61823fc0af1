import DeviceNoise
import QuantumCircuits

/// Of a population in a graph file: its circuit as `ansatz`, a name of the catalogue, with `io_qubits` and `memory_qubits` (1
/// each), or as `gates`; and `noise`, as in neuron-trace files.
extension SQS: Codable {
    private enum CodingKeys: CodingKey { case noise }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try CircuitFields.decode(decoder),
            noise: try container.decodeIfPresent(NoiseModel.self, forKey: .noise))
    }

    public func encode(to encoder: any Encoder) throws {
        try CircuitFields.encode(stepCircuit, to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(noise, forKey: .noise)
    }
}

extension MemorylessSQS: Codable {
    public init(from decoder: any Decoder) throws { self.init(try CircuitFields.decode(decoder)) }
    public func encode(to encoder: any Encoder) throws {
        try CircuitFields.encode(stepCircuit, to: encoder)
    }
}

/// The fields of an object that make a circuit.
private enum CircuitFields: CodingKey {
    case ansatz, gates, ioQubits, memoryQubits, parameterCount

    static func decode(_ decoder: any Decoder) throws -> Circuit {
        let container = try decoder.container(keyedBy: CircuitFields.self)
        let name = try container.decodeIfPresent(String.self, forKey: .ansatz)
        let gates = try container.decodeIfPresent([Gate].self, forKey: .gates)
        let ioQubits = try container.decodeIfPresent(Int.self, forKey: .ioQubits) ?? 1
        let memoryQubits = try container.decodeIfPresent(Int.self, forKey: .memoryQubits) ?? 1
        do {
            if let gates {
                return try Circuit(
                    name: name ?? "gates", ioQubits: ioQubits, memoryQubits: memoryQubits, gates: gates,
                    parameterCount: container.decodeIfPresent(Int.self, forKey: .parameterCount))
            }
            return try Ansatz.named(name ?? Ansatz.exchange.name)
                .circuit(ioQubits: ioQubits, memoryQubits: memoryQubits)
        } catch let error as CircuitError {
            throw DecodingError.dataCorruptedError(
                forKey: gates == nil ? .ansatz : .gates, in: container, debugDescription: error.description)
        }
    }

    /// The gates are written out, so that a file does not depend on a later catalogue.
    static func encode(_ circuit: Circuit, to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CircuitFields.self)
        try container.encode(circuit.name, forKey: .ansatz)
        try container.encode(circuit.ioQubits, forKey: .ioQubits)
        try container.encode(circuit.memoryQubits, forKey: .memoryQubits)
        try container.encode(circuit.gates, forKey: .gates)
        try container.encode(circuit.parameterCount, forKey: .parameterCount)
    }
}
