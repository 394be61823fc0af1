extension QLIF: TracedModel {
    /// A neuron's fields as in a graph file, and `excite_currents` and `leak_currents`, one a step; α is exact.
    public struct TraceCase: NeuronTraceCase {
        public let model: QLIF
        /// z^s_t
        public let exciteCurrents: [Double]
        /// z^o_t
        public let leakCurrents: [Double]
        public let expected: Result?

        public struct Result: NeuronTraceResult {
            /// α_t
            public let firingProbability: [Double]
            public let spikes: [Int]

            package init(firingProbability: [Double], spikes: [Int]) {
                (self.firingProbability, self.spikes) = (firingProbability, spikes)
            }

            public var quantities: [(name: String, values: [Double])] {
                [("alpha", firingProbability), ("spikes", spikes.map(Double.init))]
            }
        }

        private enum CodingKeys: CodingKey { case exciteCurrents, leakCurrents, expected }

        public init(from decoder: any Decoder) throws {
            model = try QLIF(from: decoder)
            let container = try decoder.container(keyedBy: CodingKeys.self)
            exciteCurrents = try container.decode([Double].self, forKey: .exciteCurrents)
            leakCurrents = try container.decode([Double].self, forKey: .leakCurrents)
            guard leakCurrents.count == exciteCurrents.count else {
                throw DecodingError.dataCorruptedError(
                    forKey: .leakCurrents, in: container,
                    debugDescription:
                        "found \(leakCurrents.count) steps, expected \(exciteCurrents.count) as in 'excite_currents'"
                )
            }
            expected = try container.decodeIfPresent(Result.self, forKey: .expected)
        }

        public func encode(to encoder: any Encoder) throws {
            try model.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(exciteCurrents, forKey: .exciteCurrents)
            try container.encode(leakCurrents, forKey: .leakCurrents)
            try container.encodeIfPresent(expected, forKey: .expected)
        }

        /// z^s and z^o, `[step][2]`.
        package var currents: [[Double]] { zip(exciteCurrents, leakCurrents).map { [$0, $1] } }

        public func run() throws -> Result {
            let response = try model.ownResponse(currents: currents)
            return Result(
                firingProbability: response.memory.map { $0[0] },
                spikes: response.firingProbability.map { Int($0[0]) })
        }
    }
}
