import DeviceNoise
import Files
import QuantumCircuits

extension NeuronTrace {
    /// What `sqsnn neuron trace` prints: one result for each case, in order.
    public struct Results: Encodable, Sendable {
        public let cases: [any NeuronTraceResult]
        /// From what is expected, of each case: nil where nothing is, the inner nil where that has other shapes.
        public let differences: [Double??]

        private enum CodingKeys: CodingKey { case cases }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            var list = container.nestedUnkeyedContainer(forKey: .cases)
            for result in cases { try list.encode(result) }
        }
    }

    /// The answer of one neuron; shapes as in ``ReferenceNeuron/Response``.
    public struct CaseResult: NeuronTraceResult {
        public let stepProbability: [Double]
        public let firingProbability: [[Double]]
        public let logLikelihood: Double
        public let memoryBloch: [[[Double]]]
        public let gradient: Gradient

        public struct Gradient: Codable, Sendable {
            public let angles: [Double]
            public let currents: [[Double]]
        }

        public var quantities: [(name: String, values: [Double])] {
            let bloch: [[Double]] = memoryBloch.flatMap { $0 }
            let rows =
                [stepProbability, [logLikelihood], gradient.angles] + firingProbability + bloch
                + gradient.currents
            return rows.map { ("", $0) }
        }
    }

    /// Reads a trace.
    ///
    /// - Parameters:
    ///   - data: the JSON text.
    ///   - path: where it came from, for messages.
    /// - Throws: ``NeuronError/trace(path:place:problem:)``.
    public static func decode(_ data: some Sequence<UInt8>, path: String) throws -> NeuronTrace {
        do throws(JSONDocument.Problem) {
            return try JSONDocument.decode(
                NeuronTrace.self, from: data, schema: \.schema, expected: schema)
        } catch {
            throw NeuronError.trace(path: path, place: error.place, problem: error.problem)
        }
    }

    /// Reads the trace in a file, or in standard input where `path` is `-`.
    ///
    /// - Throws: `FileError`, ``NeuronError/trace(path:place:problem:)``.
    public static func load(path: String) throws -> NeuronTrace {
        try decode(try InputFile.read(path, limit: InputFile.textLimit), path: path)
    }

    /// Runs every case with the reference neuron.
    ///
    /// - Parameter path: where the trace came from, for messages.
    /// - Throws: ``NeuronError/trace(path:place:problem:)`` naming the case and the field at fault.
    public func run(path: String) throws -> Results {
        let compared = try forEachCase(path: path) { entry, _ in try entry.compare() }
        return Results(cases: compared.map(\.result), differences: compared.map(\.difference))
    }

    /// Names the case and the field in every error that is about them.
    package func forEachCase<Result>(
        path: String, _ body: (any NeuronTraceCase, Int) throws -> Result
    ) throws -> [Result] {
        try cases.enumerated().map { index, entry in
            func failure(_ place: String, _ problem: String) -> NeuronError {
                .trace(
                    path: path, place: "cases[\(index)]" + (place.isEmpty ? "" : ".\(place)"),
                    problem: problem)
            }
            do {
                return try body(entry, index)
            } catch NeuronError.input(let place, let problem) {
                throw failure(place, problem)
            } catch NeuronError.analysis(let problem) {
                throw NeuronError.analysis(problem: "\(path): cases[\(index)]: \(problem)")
            } catch NeuronError.notFinite(let quantity) {
                throw NeuronError.notFinite("\(path): cases[\(index)]: \(quantity)")
            } catch let error as CircuitError {
                throw failure((entry as? Case)?.field(of: error) ?? "", error.description)
            } catch let error as NoiseError {
                throw failure("noise", error.description)
            }
        }
    }
}

extension NeuronTrace.Case {
    /// Runs the neuron on the case's currents and spikes.
    ///
    /// - Throws: ``NeuronError/input(place:problem:)``, `CircuitError` or `NoiseError`.
    public func run() throws -> NeuronTrace.CaseResult {
        let neuron = try ReferenceNeuron(model(), parameters: angles)
        let response = try neuron.run(currents: currents, spikes: spikes)
        let gradient = try neuron.logLikelihoodGradient(currents: currents, spikes: spikes)
        return NeuronTrace.CaseResult(
            stepProbability: response.stepProbability,
            firingProbability: response.firingProbability,
            logLikelihood: response.logLikelihood,
            memoryBloch: response.memory.map { quantities in
                stride(from: 0, to: quantities.count, by: 3).map { Array(quantities[$0..<$0 + 3]) }
            },
            gradient: .init(angles: gradient.parameters, currents: gradient.currents))
    }

    /// The field of the case that a circuit's error is about.
    fileprivate func field(of error: CircuitError) -> String {
        switch error {
        case .angleCount, .angle: "angles"
        case .current: "currents"
        case .qubitCounts: "io_qubits"
        case .unknownAnsatz: "ansatz"
        case .gate(_, let index, _, _) where gates != nil: "gates[\(index)]"
        case .gate, .parameterCount, .fixedSize, .foldingScale, .file: ansatz == nil ? "gates" : "ansatz"
        }
    }
}
