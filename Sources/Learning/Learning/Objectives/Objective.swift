import Compute
import Networks
import SpikeTrains

/// What a network is trained for: from the activity of its outputs and the targets to a loss, and to ∂L/∂s.
///
/// A value with whatever it learns itself; the trainer's copy of it is what is trained.
public protocol Objective: Sendable {
    /// Passes M over the hidden spikes of each sample, in training and where the outputs' spikes are given in evaluation.
    var passCount: Int { get }
    /// Reads classes from the output spikes; nil where outputs do not stand for classes.
    var decoder: (any SpikeDecoder)? { get }
    /// Numbers that are trained with the network's.
    var trainedValues: TrainedValues? { get set }

    /// Why samples with such targets cannot be judged by it with a network; nil if they can.
    func problem(of targets: TargetShape, stepCount: Int, graph: NetworkGraph) -> String?

    /// Spikes that the outputs are given, in place of those that they would draw; nil for none.
    ///
    /// - Parameters:
    ///   - isTraining: whether the network is trained on the samples, not measured.
    ///   - outputs: a raster of the shape that is wanted, of as many samples, silent.
    func given(_ targets: Targets, isTraining: Bool, outputs: @autoclosure () -> SpikeRaster) -> SpikeRaster?

    /// Judges the outputs of a batch.
    func judge(_ outputs: OutputActivity, _ targets: Targets) -> Judgement

    /// Judges the outputs of a batch, and takes the gradient of its mean loss: returns that of the spikes, leaves that of its own
    /// numbers in ``trainedValues``.
    mutating func learn(_ outputs: OutputActivity, _ targets: Targets) -> (Judgement, OutputErrors)
}

extension Objective {
    public var passCount: Int { 1 }
    public var decoder: (any SpikeDecoder)? { nil }
    public var trainedValues: TrainedValues? {
        get { nil }
        set { precondition(newValue == nil, "an objective without numbers of its own is given none") }
    }

    public func given(
        _ targets: Targets, isTraining: Bool, outputs: @autoclosure () -> SpikeRaster
    ) -> SpikeRaster? { nil }
}

/// What the population that is read out did in a batch.
public struct OutputActivity: Sendable {
    /// `[sample and pass][step][neuron][channel]`
    public let spikes: SpikeRaster
    /// Where the spikes were given, p(s_t | s^{t−1}) of each neuron: `[sample and pass][step][neuron]`; empty elsewhere.
    public let likelihoods: [Float]
    /// Numbers of the samples, once each.
    public let sampleIndices: [Int]
    /// Breaks ties.
    public let ties: RandomStream

    public init(
        spikes: SpikeRaster, likelihoods: [Float] = [], sampleIndices: [Int], ties: RandomStream
    ) {
        self.spikes = spikes
        self.likelihoods = likelihoods
        self.sampleIndices = sampleIndices
        self.ties = ties
    }
}

/// How a batch was judged.
public struct Judgement: Sendable, Hashable {
    /// Sum over the samples; nil where the activity does not tell.
    public var lossSum: Double?
    /// Answers that were right, of those that can be right or wrong.
    public var rightCount: Int
    public var answerCount: Int
    /// The class of each sample, where classes are read.
    public var predictions: [Int]

    public init(lossSum: Double?, rightCount: Int = 0, answerCount: Int = 0, predictions: [Int] = []) {
        self.lossSum = lossSum
        self.rightCount = rightCount
        self.answerCount = answerCount
        self.predictions = predictions
    }
}
