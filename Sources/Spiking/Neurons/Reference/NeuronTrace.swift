import DeviceNoise
import QuantumCircuits

/// A neuron-trace file: neurons with the currents they get and the spikes they are forced to give.
///
///     {"schema": "sqsnn.neuron-trace/1", "cases": [{"io_qubits": 1, "memory_qubits": 1, "ansatz": "exchange",
///       "angles": [0.1, 0.2, 0.3, 0.4, 0.5], "currents": [[0.3], [0.8]], "spikes": [[0], [1]],
///       "noise": {"depolarizing_2q": 0.01}}]}
///
/// A case of another model names it (`model`) and has the fields of its ``TracedModel/TraceCase``. One of a quantum neuron names its circuit (`ansatz`) or lists its `gates`; `noise`, if there is any, is that of a device (see `NoiseParameters`). Since the spikes are forced, results are
/// deterministic, and programs that implement the same neuron can be compared to the last digit: a case may carry what another
/// program got (`expected`, as in ``CaseResult``).
public struct NeuronTrace: Codable, Sendable {
    public static let schema = "sqsnn.neuron-trace/1"

    public let schema: String
    /// Of whichever models.
    public let cases: [any NeuronTraceCase]
    /// Of each case.
    public let kinds: [String]

    public init(cases: [Case]) {
        schema = Self.schema
        self.cases = cases
        kinds = cases.map { _ in SQS.kind }
    }

    private enum CodingKeys: CodingKey { case schema, cases }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        schema = try container.decode(String.self, forKey: .schema)
        let entries = try container.decode([Entry].self, forKey: .cases)
        (cases, kinds) = (entries.map(\.value), entries.map(\.kind))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(schema, forKey: .schema)
        try container.encode(zip(kinds, cases).map { Entry(kind: $0, value: $1) }, forKey: .cases)
    }

    /// A case by its `model`, which is that of quantum neurons where it is not named.
    private struct Entry: Codable {
        let kind: String
        let value: any NeuronTraceCase

        private enum CodingKeys: CodingKey { case model }

        init(kind: String, value: any NeuronTraceCase) {
            self.kind = kind
            self.value = value
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            kind = try container.decodeIfPresent(String.self, forKey: .model) ?? SQS.kind
            do {
                guard let type = try NeuronModels.type(of: kind) as? any TracedModel.Type else {
                    throw DecodingError.dataCorruptedError(
                        forKey: .model, in: container, debugDescription: "\(kind) neurons have no trace")
                }
                value = try Self.decode(type, from: decoder)
            } catch let error as NeuronModels.UnknownKind {
                throw DecodingError.dataCorruptedError(
                    forKey: .model, in: container, debugDescription: error.description)
            }
        }

        private static func decode<Model: TracedModel>(
            _ model: Model.Type, from decoder: any Decoder
        ) throws -> any NeuronTraceCase { try Model.TraceCase(from: decoder) }

        func encode(to encoder: any Encoder) throws {
            if kind != SQS.kind {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(kind, forKey: .model)
            }
            try value.encode(to: encoder)
        }
    }

    /// The same neurons, currents and spikes, all on a device with this noise.
    ///
    /// - Throws: ``NeuronError/trace(path:place:problem:)`` where a neuron is not quantum.
    public func replacingNoise(_ noise: NoiseModel, path: String) throws -> NeuronTrace {
        NeuronTrace(
            cases: try quantumCases(path: path).map {
                Case(
                    ioQubits: $0.ioQubits, memoryQubits: $0.memoryQubits, ansatz: $0.ansatz, gates: $0.gates,
                    angles: $0.angles, currents: $0.currents, spikes: $0.spikes, noise: noise)
            })
    }

    /// The cases where all neurons are quantum.
    ///
    /// - Throws: ``NeuronError/trace(path:place:problem:)``.
    public func quantumCases(path: String) throws(NeuronError) -> [Case] {
        let quantum = cases.compactMap { $0 as? Case }
        if let index = cases.firstIndex(where: { !($0 is Case) }) {
            throw .trace(
                path: path, place: "cases[\(index)].model",
                problem: "found \(kinds[index]), which has no circuit; expected \(SQS.kind)")
        }
        return quantum
    }

    /// One neuron and its run.
    public struct Case: NeuronTraceCase {
        public let ioQubits: Int
        public let memoryQubits: Int
        /// A name of the catalogue; nil if the gates are listed.
        public let ansatz: String?
        /// The gates; nil if the circuit is named.
        public let gates: [Gate]?
        /// The trainable angles in radians.
        public let angles: [Double]
        /// `[step][channel]`.
        public let currents: [[Double]]
        /// 0 or 1, `[step][channel]`.
        public let spikes: [[Int]]
        /// The noise of the device; nil for none.
        public let noise: NoiseModel?
        /// What another program got; nil where nothing is expected.
        public let expected: CaseResult?

        enum CodingKeys: String, CodingKey {
            case ioQubits
            case memoryQubits
            case ansatz, gates, angles, currents, spikes, noise, expected
        }

        public init(
            ioQubits: Int, memoryQubits: Int, ansatz: String? = nil, gates: [Gate]? = nil, angles: [Double],
            currents: [[Double]], spikes: [[Int]], noise: NoiseModel? = nil,
            expected: CaseResult? = nil
        ) {
            self.ioQubits = ioQubits
            self.memoryQubits = memoryQubits
            self.ansatz = ansatz
            self.gates = gates
            self.angles = angles
            self.currents = currents
            self.spikes = spikes
            self.noise = noise
            self.expected = expected
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            ioQubits = try container.decode(Int.self, forKey: .ioQubits)
            memoryQubits = try container.decode(Int.self, forKey: .memoryQubits)
            ansatz = try container.decodeIfPresent(String.self, forKey: .ansatz)
            gates = try container.decodeIfPresent([Gate].self, forKey: .gates)
            angles = try container.decode([Double].self, forKey: .angles)
            currents = try container.decode([[Double]].self, forKey: .currents)
            spikes = try container.decode([[Spike]].self, forKey: .spikes).map { $0.map(\.value) }
            noise = try container.decodeIfPresent(NoiseModel.self, forKey: .noise)
            expected = try container.decodeIfPresent(CaseResult.self, forKey: .expected)
        }

        /// Decoded with care, so that 0.5 or 2 is refused at its place.
        private struct Spike: Decodable {
            let value: Int

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                let number = try container.decode(Double.self)
                guard number == 0 || number == 1 else {
                    throw DecodingError.dataCorruptedError(
                        in: container, debugDescription: "found \(number), expected 0 or 1")
                }
                value = Int(number)
            }
        }

        /// The neuron: its circuit, and the device's noise if any.
        public func model() throws -> SQS { SQS(try circuit(), noise: noise) }

        /// The circuit that is named or listed.
        public func circuit() throws -> Circuit {
            switch (ansatz, gates) {
            case (let name?, nil):
                return try Ansatz.named(name).circuit(ioQubits: ioQubits, memoryQubits: memoryQubits)
            case (nil, let gates?):
                return try Circuit(
                    name: "gates", ioQubits: ioQubits, memoryQubits: memoryQubits, gates: gates)
            case (.some, .some):
                throw NeuronError.input(
                    place: "gates", problem: "found both 'ansatz' and 'gates'; give one of them")
            case (nil, nil):
                throw NeuronError.input(
                    place: "ansatz", problem: "found neither 'ansatz' nor 'gates'; give one of them")
            }
        }
    }
}
