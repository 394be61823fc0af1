import DeviceNoise
import Files
import QuantumCircuits
import Neurons

/// Graph files:
///
///     {"schema": "sqsnn.network-graph/1",
///      "input": {"name": "input", "neurons": 784},
///      "populations": [
///        {"name": "hidden", "neurons": 200, "ansatz": "exchange", "memory_qubits": 2},
///        {"name": "output", "neurons": 10, "ansatz": "exchange"}],
///      "projections": [
///        {"from": "input", "to": "hidden"},
///        {"from": "hidden", "to": "hidden", "connectivity": {"random": {"probability": 0.1, "seed": 1}}, "delay": 1},
///        {"from": "hidden", "to": "output"}],
///      "outputs": ["output"]}
///
/// A population names its `model` (`sqs`, the default, `memoryless`, `last-spike-feedback`) and, for the first two, its
/// circuit: an `ansatz` of the catalogue, with `io_qubits` and `memory_qubits` (1 each), or `gates`, as in gate-list
/// files; `sqs` neurons can have `noise`, as in neuron-trace files. `connectivity` is `"full"` (the default), `"one-to-one"`, `{"random": {probability, seed}}`,
/// `{"convolution": {height, width, input_features, kernel, stride, padding, features}}` or
/// `{"explicit": [[from, to], [from, to, weight], …]}`. `outputs` may be left out: then they are the populations that
/// project onto none.
extension NetworkGraph: Codable {
    public static let schema = "sqsnn.network-graph/1"

    private enum CodingKeys: String, CodingKey {
        case schema, input, populations, projections, outputs
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let schema = try container.decode(String.self, forKey: .schema)
        guard schema == Self.schema else {
            throw DecodingError.dataCorruptedError(
                forKey: .schema, in: container,
                debugDescription: "found '\(schema)', expected '\(Self.schema)'")
        }
        try self.init(
            input: container.decode(Input.self, forKey: .input),
            nodes: container.decode([Node].self, forKey: .populations),
            edges: container.decode([Edge].self, forKey: .projections),
            outputs: container.decodeIfPresent([String].self, forKey: .outputs))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.schema, forKey: .schema)
        try container.encode(input, forKey: .input)
        try container.encode(nodes, forKey: .populations)
        try container.encode(edges, forKey: .projections)
        try container.encode(outputs, forKey: .outputs)
    }

    /// The graph in a file.
    ///
    /// - Parameter path: `-` for standard input.
    /// - Throws: `FileError` where it cannot be read, ``NetworkError/file(path:problem:)`` with the place in the file.
    public static func load(_ path: String) throws -> NetworkGraph {
        let text = try InputFile.read(path, limit: InputFile.textLimit)
        do throws(JSONDocument.Problem) {
            return try JSONDocument.decode(NetworkGraph.self, from: text)
        } catch {
            throw NetworkError.file(path: path, problem: error.text)
        }
    }
}

extension NetworkGraph.Input: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, neurons, channels
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decodeIfPresent(String.self, forKey: .name) ?? "input",
            neuronCount: try container.decode(Int.self, forKey: .neurons),
            channelCount: try container.decodeIfPresent(Int.self, forKey: .channels) ?? 1)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(neuronCount, forKey: .neurons)
        try container.encode(channelCount, forKey: .channels)
    }
}

extension NetworkGraph.Node: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, neurons, model, ansatz, gates, noise
        case ioQubits
        case memoryQubits
        case parameterCount
    }

    private enum ModelName: String, Codable, CaseIterable {
        case sqs, memoryless
        case lastSpikeFeedback = "last-spike-feedback"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let model = try container.decodeIfPresent(String.self, forKey: .model) ?? ModelName.sqs.rawValue
        guard let name = ModelName(rawValue: model) else {
            let names = ModelName.allCases.map(\.rawValue).joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                forKey: .model, in: container,
                debugDescription: "unknown model '\(model)'; expected one of \(names)")
        }
        let neuronModel: NeuronModel =
            switch name {
            case .sqs:
                try container.decodeIfPresent(NoiseModel.self, forKey: .noise).map {
                    .noisy(try Self.circuit(container), $0)
                } ?? .quantum(try Self.circuit(container))
            case .memoryless: .memoryless(try Self.circuit(container))
            case .lastSpikeFeedback: .lastSpikeFeedback
            }
        self.init(
            try container.decode(String.self, forKey: .name), model: neuronModel,
            neuronCount: try container.decode(Int.self, forKey: .neurons))
    }

    private static func circuit(_ container: KeyedDecodingContainer<CodingKeys>) throws -> Circuit {
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

    /// The gates are written out, so that a graph does not depend on a later catalogue.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(neuronCount, forKey: .neurons)
        func encode(_ circuit: Circuit, as name: ModelName) throws {
            try container.encode(name, forKey: .model)
            try container.encode(circuit.name, forKey: .ansatz)
            try container.encode(circuit.ioQubits, forKey: .ioQubits)
            try container.encode(circuit.memoryQubits, forKey: .memoryQubits)
            try container.encode(circuit.gates, forKey: .gates)
            try container.encode(circuit.parameterCount, forKey: .parameterCount)
        }
        switch model {
        case .quantum(let circuit): try encode(circuit, as: .sqs)
        case .memoryless(let circuit): try encode(circuit, as: .memoryless)
        case .noisy(let circuit, let noise):
            try encode(circuit, as: .sqs)
            try container.encode(noise, forKey: .noise)
        case .lastSpikeFeedback: try container.encode(ModelName.lastSpikeFeedback, forKey: .model)
        }
    }
}

extension NetworkGraph.Edge: Codable {
    private enum CodingKeys: String, CodingKey {
        case from, to, connectivity, delay
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decode(String.self, forKey: .from), try container.decode(String.self, forKey: .to),
            try container.decodeIfPresent(Connectivity.self, forKey: .connectivity) ?? .full,
            delay: try container.decodeIfPresent(Int.self, forKey: .delay) ?? 0)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(source, forKey: .from)
        try container.encode(target, forKey: .to)
        try container.encode(connectivity, forKey: .connectivity)
        try container.encode(delay, forKey: .delay)
    }
}
