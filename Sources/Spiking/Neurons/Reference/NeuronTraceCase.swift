/// One case of a neuron-trace file: a neuron, what it is given, and perhaps what another program got.
public protocol NeuronTraceCase: Codable, Sendable {
    associatedtype Result: NeuronTraceResult
    /// What another program got; nil where nothing is expected.
    var expected: Result? { get }

    /// Runs the neuron by its reference.
    func run() throws -> Result
}

/// The answer of one neuron.
public protocol NeuronTraceResult: Codable, Sendable {
    /// Its numbers, quantity by quantity.
    var quantities: [(name: String, values: [Double])] { get }
}

extension NeuronTraceResult {
    /// The largest difference of any number from that of another result, nil where they have other shapes.
    public func largestDifference(from other: Self) -> Double? {
        let (own, others) = (quantities.map(\.values), other.quantities.map(\.values))
        guard own.map(\.count) == others.map(\.count) else { return nil }
        return zip(own.joined(), others.joined()).map { abs($0 - $1) }.max() ?? 0
    }
}

extension NeuronTraceCase {
    /// The result, and how far it is from what is expected: nil where nothing is, the inner nil where that has other shapes.
    public func compare() throws -> (result: any NeuronTraceResult, difference: Double??) {
        let result = try run()
        return (result, expected.map { result.largestDifference(from: $0) })
    }
}

/// A model of which single neurons can be traced, by cases with fields of its own.
public protocol TracedModel: NeuronModel {
    associatedtype TraceCase: NeuronTraceCase
}

extension TracedModel {
    /// What a neuron without chance answers to currents, its parameters being those where training begins.
    func ownResponse(currents: [[Double]]) throws -> ReferenceNeuron.Response {
        let parameters = parameterGroups.flatMap { group in
            var first = 0.0
            if case .constant(let value) = group.initial { first = value }
            return [Double](repeating: first, count: group.count)
        }
        let spikes = try reference(parameters).ownSpikes(currents: currents)
        return try ReferenceNeuron(self, parameters: parameters).run(
            currents: currents, spikes: spikes ?? currents.map { _ in [0] })
    }
}
