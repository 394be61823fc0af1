extension LastSpikeFeedback: TracedModel {
    /// A neuron's angles, and currents and forced spikes, one a step.
    public struct TraceCase: NeuronTraceCase {
        public let angles: Angles
        public let currents: [Double]
        public let spikes: [Int]
        public let expected: Result?

        /// Radians.
        public struct Angles: Codable, Sendable { let entangling, input, memory: Double }

        public struct Result: NeuronTraceResult {
            /// p(s_t | s^{t−1})
            public let stepProbability: [Double]

            public var quantities: [(name: String, values: [Double])] { [("p(spike)", stepProbability)] }
        }

        public func run() throws -> Result {
            let neuron = try ReferenceNeuron(
                LastSpikeFeedback(), parameters: [angles.entangling, angles.input, angles.memory])
            let response = try neuron.run(currents: currents.map { [$0] }, spikes: spikes.map { [$0] })
            return Result(stepProbability: response.stepProbability)
        }
    }
}
