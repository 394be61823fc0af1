import Compute

/// What simulates neurons of one model, a tile of `tileWidth` at a time: chosen once for a population.
///
/// An engine holds no state: every call gets views of what it works on, and may be made from any thread. Quantities of a
/// tile have the neuron innermost, `[…][64]`; lanes past the last neuron hold whatever they hold, but must not spike, nor get errors.
/// ``NeuronCheck`` tells whether an engine does what its model says.
public protocol NeuronEngine: Sendable {
    /// What the step wants of the neurons' parameters, once for each update of them.
    ///
    /// - Parameters:
    ///   - parameters: of a tile, `[parameter][64]`.
    ///   - compiled: ``EngineSize/compiled`` elements, all to be written.
    ///   - scratch: ``EngineSize/scratch`` elements.
    func compile(
        _ parameters: BufferView<Float>, to compiled: MutableBufferView<Float>,
        scratch: MutableBufferView<Float>)

    /// Runs one window of some samples of a tile.
    func step(_ pass: NeuronStepPass)

    /// Reverses ``step(_:)``: gradients along the recorded spikes, which are constants (docs/decisions/0005).
    func adjoint(_ pass: NeuronAdjointPass)

    /// Adds ∂L/∂(parameter) of a tile, from ∂L/∂(compiled).
    ///
    /// - Parameters:
    ///   - compiledGradient: may be overwritten.
    ///   - gradient: `[parameter][64]`; added to.
    func pullBack(
        _ parameters: BufferView<Float>, compiledGradient: MutableBufferView<Float>,
        to gradient: MutableBufferView<Float>, scratch: MutableBufferView<Float>)

    /// Whether ``adjoint(_:)`` heeds ``NeuronAdjointPass/creditsOwnSpikes``: by default it does not.
    var creditsOwnSpikes: Bool { get }

    /// What a neuron's memory is, in the quantities of ``NeuronModel/memoryNames``.
    ///
    /// - Parameters:
    ///   - carried: of a tile, ``EngineSize/memory`` elements.
    ///   - lane: of the neuron in its tile.
    func memory(_ carried: BufferView<Float>, lane: Int) -> [Float]
}

extension NeuronEngine {
    public var creditsOwnSpikes: Bool { false }
    public func memory(_ carried: BufferView<Float>, lane: Int) -> [Float] { [] }
}

/// An engine of neurons that draw their spikes, which knows the probability of spikes that are given: p(s_t | s^{t−1}).
public protocol LikelihoodEngine: NeuronEngine {
    func findLikelihoods(_ pass: NeuronLikelihoodPass)
}

extension NeuronModel {
    /// Whether the neurons draw their spikes, so that given ones have a likelihood.
    package var knowsLikelihoods: Bool { engine(.current) is any LikelihoodEngine }
}

/// How much memory an engine takes, in elements.
public struct EngineSize: Sendable, Hashable {
    /// What one tile's parameters are compiled to, and its gradient.
    public var compiled: Int
    /// The memory of one tile of neurons for one sample, between two windows.
    public var memory: Int
    /// Working memory of one thread.
    public var scratch: Int
    /// Random words of one thread, 32 bits each.
    public var randomWords: Int

    public init(compiled: Int, memory: Int, scratch: Int = 0, randomWords: Int = 0) {
        self.compiled = compiled
        self.memory = memory
        self.scratch = scratch
        self.randomWords = randomWords
    }
}
