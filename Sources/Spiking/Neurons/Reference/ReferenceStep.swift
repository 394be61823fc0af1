/// The scalar dynamics of one neuron in `Double`, straight from the equations of its model.
public protocol ReferenceDynamics: Sendable {
    /// Runs the neuron on given currents, its spikes being given too: they are constants, also where they act back on the neuron.
    ///
    /// - Parameters:
    ///   - currents: z, `[step][current]`, within `Circuit.currentRange`.
    ///   - spikes: 0 or 1, `[step][channel]`.
    ///   - variables: what derivatives are taken with respect to.
    func steps(currents: [[Double]], spikes: [[Int]], variables: [ReferenceVariable]) throws
        -> [ReferenceStep]

    /// The spikes that a neuron without chance gives to currents, `[step][channel]`; nil where chance decides.
    func ownSpikes(currents: [[Double]]) -> [[Int]]?
}

extension ReferenceDynamics {
    public func ownSpikes(currents: [[Double]]) -> [[Int]]? { nil }
}

/// What a derivative is taken with respect to.
public enum ReferenceVariable: Hashable, Sendable {
    /// A parameter of the neuron, counted through its groups.
    case parameter(Int)
    case current(step: Int, channel: Int)
}

/// A number with its derivatives with respect to the variables of a run, in their order.
public struct Differentiated: Sendable {
    public var value: Double
    public var slopes: [Double]

    public init(value: Double, slopes: [Double]) {
        self.value = value
        self.slopes = slopes
    }

    /// A probability without what rounding takes out of 0 … 1.
    var probability: Differentiated {
        Differentiated(value: value < 0 ? 0 : value > 1 ? 1 : value, slopes: slopes)
    }
}

/// One step of a reference neuron.
public struct ReferenceStep: Sendable {
    /// p(s_t | s^{t−1}) of the given spikes; of a neuron without chance 1 for its own, 0 for all others.
    public var probability: Differentiated
    /// p(s | s^{t−1}) of every spike pattern s, channel 0 the most significant bit; empty of a neuron without chance.
    public var patterns: [Double]
    /// p(s_t^n = 1 | s^{t−1}) of each channel; of a neuron without chance the spike, with the derivatives that its surrogate
    /// gives it.
    public var firing: [Differentiated]
    /// The curve of each channel that has the derivatives of ``firing``, up to a constant: of a neuron without chance the smooth
    /// step that its surrogate is the derivative of; by default the value of ``firing``.
    public var smooth: [Double]
    /// u of each channel, as the sparsity regulariser (3) has it: by default ``firing``.
    public var activity: [Differentiated]
    /// The memory after the step, in the quantities of ``NeuronModel/memoryNames``: of memory qubits ⟨X⟩, ⟨Y⟩, ⟨Z⟩ each.
    public var memory: [Double]

    public init(
        probability: Differentiated, patterns: [Double] = [], firing: [Differentiated],
        smooth: [Double]? = nil, activity: [Differentiated]? = nil, memory: [Double] = []
    ) {
        self.probability = probability
        self.patterns = patterns
        self.firing = firing
        self.smooth = smooth ?? firing.map(\.value)
        self.activity = activity ?? firing
        self.memory = memory
    }
}
