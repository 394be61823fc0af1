import Compute

/// A stochastic neuron with k classical hidden states: the classical twin of the quantum neuron.
///
/// A step from hidden state i gives spike s and hidden state j with probability T_s[j, i](φ); the neuron begins in state 0. The
/// current turns one qubit by φ = π z, as it does in the quantum neuron; what is read of that qubit, and when, is the ``Embedding``.
/// Nobody sees the state: what the neuron carries is π_t[i], the probability of each state given its spikes so far,
///
///     p(s_t | s^{t−1}) = Σ_j v_j,   π_{t+1} = v / Σ_j v_j,   v = T_{s_t}(φ_t) π_t,
///
/// so that likelihoods and gradients are exact, as they are for a quantum memory.
public struct HiddenStates: NeuronModel {
    public static let kind = "hidden-states"

    /// k
    public let stateCount: Int
    public let embedding: Embedding
    /// Standard deviation of the logits or amplitudes at first.
    public let initialDeviation: Double

    /// What a neuron does with the qubit that its current has turned.
    public enum Embedding: String, Sendable, Codable, CaseIterable {
        /// It is measured first, x = 1 with probability sin²(φ/2), and spike and state follow from x and i by a table of
        /// probabilities: 2 k (2 k − 1) numbers, logits beside the first outcome's.
        case measured
        /// It is measured with the outcome, (s, j) with probability (cos(φ/2) u_{i,0} + sin(φ/2) u_{i,1})²[s, j], the vectors u_{i,0},
        /// u_{i,1} being orthonormal: 4 k² numbers, from which Gram and Schmidt make them. The quantum neuron whose memory is dephased
        /// after each step, in a circuit that is real in the gauge (−i)^{ones}, is one of these.
        case coherent
    }

    public static let stateCounts = 1...16

    /// - Throws: ``NeuronError/input(place:problem:)`` for a number of states out of ``stateCounts``, and a deviation out of
    ///   ``InitialDeviation/range``.
    public init(
        stateCount: Int = 2, embedding: Embedding = .measured,
        initialDeviation: Double = InitialDeviation.standard
    ) throws(NeuronError) {
        guard Self.stateCounts.contains(stateCount) else {
            throw .input(
                place: "states",
                problem: "found \(stateCount), expected \(Self.stateCounts.lowerBound) to "
                    + "\(Self.stateCounts.upperBound)")
        }
        try InitialDeviation.range.check(initialDeviation, "initial_deviation")
        self.stateCount = stateCount
        self.embedding = embedding
        self.initialDeviation = initialDeviation
    }

    public static let settings = [
        ModelSetting("states", "K", "Hidden states, 1 to 16.", default: "2"),
        ModelSetting(
            "embedding", Embedding.allCases.map(\.rawValue).joined(separator: "|"),
            "Whether the current's qubit is measured before or with the outcome.",
            default: Embedding.measured.rawValue),
        InitialDeviation.setting,
    ]

    public var title: String { "\(Self.kind) (\(stateCount), \(embedding.rawValue))" }
    public var channelCount: Int { 1 }
    public var memoryNames: [String] { (0..<stateCount).map { "state_\($0)" } }

    public var parameterGroups: [ParameterGroup] {
        switch embedding {
        case .measured:
            [
                ParameterGroup(
                    "logits", count: 2 * stateCount * (2 * stateCount - 1),
                    initial: .normal(mean: 0, deviation: initialDeviation))
            ]
        case .coherent:
            [
                ParameterGroup(
                    "amplitudes", count: 4 * stateCount * stateCount,
                    initial: .normal(mean: 0, deviation: initialDeviation))
            ]
        }
    }

    var shape: HiddenStatesShape {
        HiddenStatesShape(stateCount: stateCount, formCount: embedding == .measured ? 2 : 3)
    }

    public func reference(_ parameters: [Double]) throws -> any ReferenceDynamics {
        try HiddenStatesReference(self, parameters: parameters)
    }

    public func engineSize(stepCount: Int) -> EngineSize {
        EngineSize(
            compiled: shape.instrumentSize, memory: shape.carriedSize,
            scratch: max(shape.scratch(stepCount: stepCount), shape.instrumentSize),
            randomWords: stepCount * tileWidth)
    }

    public func engine(_ instructionSet: InstructionSet) -> any NeuronEngine {
        HiddenStatesEngine(shape: shape, kernels: instructionSet.kernels)
    }
}

extension HiddenStates: Codable {
    private enum CodingKeys: CodingKey { case states, embedding, initialDeviation }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let states = try container.decodeIfPresent(Int.self, forKey: .states) ?? 2
        let embedding = try container.decodeIfPresent(Embedding.self, forKey: .embedding) ?? .measured
        let deviation =
            try container.decodeIfPresent(Double.self, forKey: .initialDeviation) ?? InitialDeviation.standard
        self = try decoder.model {
            try HiddenStates(stateCount: states, embedding: embedding, initialDeviation: deviation)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(stateCount, forKey: .states)
        try container.encode(embedding, forKey: .embedding)
        if initialDeviation != InitialDeviation.standard {
            try container.encode(initialDeviation, forKey: .initialDeviation)
        }
    }
}
