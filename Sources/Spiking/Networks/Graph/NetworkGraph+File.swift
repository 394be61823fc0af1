import Files
import Neurons
import SpikeTrains

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
/// A population names its `model` (`sqs` by default) and has the model's own fields beside it: of `sqs` and `memoryless` the
/// circuit, an `ansatz` of the catalogue, with `io_qubits` and `memory_qubits` (1 each), or `gates`, as in gate-list
/// files; `sqs` neurons can have `noise`, as in neuron-trace files. `connectivity` is `"full"` (the default), `"one-to-one"`, `{"random": {probability, seed}}`,
/// `{"convolution": {height, width, input_features, kernel, stride, padding, features}}` or
/// `{"explicit": [[from, to], [from, to, weight], …]}`. A projection can have `"pooling": {height, width, features, size}`, after which
/// its synapses see the pooled plane. An input with `"signal": "values"` gives real numbers in place of spikes. `outputs` may be left out: then they are the populations that
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
        case name, neurons, channels, signal
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decodeIfPresent(String.self, forKey: .name) ?? "input",
            neuronCount: try container.decode(Int.self, forKey: .neurons),
            channelCount: try container.decodeIfPresent(Int.self, forKey: .channels) ?? 1,
            signal: try container.decodeIfPresent(InputSignal.self, forKey: .signal) ?? .spikes)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(neuronCount, forKey: .neurons)
        try container.encode(channelCount, forKey: .channels)
        if signal != .spikes { try container.encode(signal, forKey: .signal) }
    }
}

extension NetworkGraph.Node: Codable {
    private enum CodingKeys: CodingKey { case name, neurons }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decode(String.self, forKey: .name),
            model: try AnyNeuronModel(from: decoder).model,
            neuronCount: try container.decode(Int.self, forKey: .neurons))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(neuronCount, forKey: .neurons)
        try storedModel.encode(to: encoder)
    }
}

extension NetworkGraph.Edge: Codable {
    private enum CodingKeys: String, CodingKey {
        case from, to, connectivity, pooling, delay
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decode(String.self, forKey: .from), try container.decode(String.self, forKey: .to),
            try container.decodeIfPresent(Connectivity.self, forKey: .connectivity) ?? .full,
            pooling: try container.decodeIfPresent(SpikePooling.self, forKey: .pooling),
            delay: try container.decodeIfPresent(Int.self, forKey: .delay) ?? 0)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(source, forKey: .from)
        try container.encode(target, forKey: .to)
        try container.encode(connectivity, forKey: .connectivity)
        try container.encodeIfPresent(pooling, forKey: .pooling)
        try container.encode(delay, forKey: .delay)
    }
}
