import SQSNN

/// The adaptive integrate-and-fire neuron: every spike raises its threshold, and the rise decays.
///
///     U_t = β V_{t−1} + z_t                    membrane potential
///     A_t = ρ B_{t−1}                          adaptation
///     S_t = 1 where U_t > θ + κ A_t            spike
///     V_t = U_t − θ S_t,   B_t = A_t + S_t     what is left after it
///
/// Each neuron learns its own decays β and ρ.
struct AdaptiveNeuron: NeuronModel {
    static let kind = "adaptive"

    /// Where training begins: β and ρ.
    let membraneDecay: Double
    let adaptationDecay: Double
    /// θ
    let threshold: Double
    /// κ
    let strength: Double

    /// Stands for the derivative of the spike.
    static let surrogate = SpikeSurrogate.arctan(alpha: 2)

    init(
        membraneDecay: Double = 0.9, adaptationDecay: Double = 0.8, threshold: Double = 1,
        strength: Double = 0.2
    ) throws {
        for (name, decay) in [("membrane_decay", membraneDecay), ("adaptation_decay", adaptationDecay)]
        where !(0...1).contains(decay) {
            throw NeuronError.input(place: name, problem: "found \(decay), expected a number from 0 to 1")
        }
        for (name, value) in [("threshold", threshold), ("strength", strength)]
        where !(0...1000).contains(value) {
            throw NeuronError.input(place: name, problem: "found \(value), expected a number from 0 to 1000")
        }
        self.membraneDecay = membraneDecay
        self.adaptationDecay = adaptationDecay
        self.threshold = threshold
        self.strength = strength
    }

    var channelCount: Int { 1 }
    var memoryNames: [String] { ["potential", "adaptation"] }

    var parameterGroups: [ParameterGroup] {
        [
            ParameterGroup("membrane_decays", count: 1, initial: .constant(membraneDecay), bounds: 0...1),
            ParameterGroup("adaptation_decays", count: 1, initial: .constant(adaptationDecay), bounds: 0...1),
        ]
    }

    func reference(_ parameters: [Double]) throws -> any ReferenceDynamics {
        AdaptiveReference(
            membraneDecay: parameters[0], adaptationDecay: parameters[1], threshold: threshold,
            strength: strength)
    }

    func engineSize(stepCount: Int) -> EngineSize {
        EngineSize(
            compiled: 2 * tileWidth, memory: 2 * tileWidth, scratch: stepCount * AdaptiveEngine.recordSize)
    }

    func engine(_ instructionSet: InstructionSet) -> any NeuronEngine { AdaptiveEngine(self) }
}

/// The fields of a graph file; what is left out is as in ``AdaptiveNeuron/init``.
extension AdaptiveNeuron: Codable {
    private enum CodingKeys: CodingKey { case membraneDecay, adaptationDecay, threshold, strength }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let usual = try AdaptiveNeuron()
        func number(_ key: CodingKeys, _ usual: Double) throws -> Double {
            try container.decodeIfPresent(Double.self, forKey: key) ?? usual
        }
        self = try decoder.model {
            try AdaptiveNeuron(
                membraneDecay: number(.membraneDecay, usual.membraneDecay),
                adaptationDecay: number(.adaptationDecay, usual.adaptationDecay),
                threshold: number(.threshold, usual.threshold), strength: number(.strength, usual.strength))
        }
    }
}
