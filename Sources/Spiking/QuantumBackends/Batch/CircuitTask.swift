import QuantumCircuits

/// One neuron circuit with the parameter sets it is to be run at.
public struct CircuitTask: Hashable, Sendable {
    public let neuron: NeuronCircuit
    /// `[set][parameter]`, in the order of ``NeuronCircuit``.
    public let parameterSets: [[Double]]
    /// Shots of each set.
    public let shots: Int

    public static let shotCounts = 1...1_000_000
    /// φ of the largest current.
    static let largestAngle = (.pi * Circuit.currentRange.upperBound).rounded(.up)

    /// - Throws: ``BackendError/task(place:problem:)`` for sets of the wrong length, numbers that turn by nothing that can be told, no sets, or shots
    ///   out of range.
    public init(_ neuron: NeuronCircuit, parameterSets: [[Double]], shots: Int) throws(BackendError) {
        guard Self.shotCounts.contains(shots) else {
            throw .task(
                place: "shots", problem: "found \(shots), expected 1 to \(Self.shotCounts.upperBound)")
        }
        guard !parameterSets.isEmpty else {
            throw .task(place: "parameter sets", problem: "found none, expected at least one")
        }
        for (index, set) in parameterSets.enumerated() {
            guard set.count == neuron.parameterCount else {
                throw .task(
                    place: "parameter sets[\(index)]",
                    problem: "found \(set.count) numbers, expected \(neuron.parameterCount)")
            }
            if let place = set.firstIndex(where: { abs($0) > Self.largestAngle || $0.isNaN }) {
                throw .task(
                    place: "parameter sets[\(index)][\(place)]",
                    problem: "found \(set[place]), expected radians from -\(Int(Self.largestAngle)) to "
                        + "\(Int(Self.largestAngle))")
            }
        }
        self.neuron = neuron
        self.parameterSets = parameterSets
        self.shots = shots
    }
}
