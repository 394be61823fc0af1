extension LIF: TracedModel {
    /// A neuron's fields as in a graph file, and `currents`, one a step.
    public struct TraceCase: NeuronTraceCase {
        public let model: LIF
        /// z_t
        public let currents: [Double]
        public let expected: Result?

        public struct Result: NeuronTraceResult {
            /// U_t
            public let membrane: [Double]
            public let spikes: [Int]

            public var quantities: [(name: String, values: [Double])] {
                [("membrane", membrane), ("spikes", spikes.map(Double.init))]
            }
        }

        private enum CodingKeys: CodingKey { case currents, expected }

        public init(from decoder: any Decoder) throws {
            model = try LIF(from: decoder)
            let container = try decoder.container(keyedBy: CodingKeys.self)
            currents = try container.decode([Double].self, forKey: .currents)
            expected = try container.decodeIfPresent(Result.self, forKey: .expected)
        }

        public func encode(to encoder: any Encoder) throws {
            try model.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(currents, forKey: .currents)
            try container.encodeIfPresent(expected, forKey: .expected)
        }

        public func run() throws -> Result {
            let response = try model.ownResponse(currents: currents.map { [$0] })
            return Result(
                membrane: response.memory.map { $0[0] }, spikes: response.firingProbability.map { Int($0[0]) }
            )
        }
    }
}
