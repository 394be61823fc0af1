import Compute
import Glibc
import Networks
import SpikeTrains

/// A trained network that takes one time step at a time, and says after each which class its outputs' spikes speak for.
///
/// As in an evaluation, the class is the one with the most spikes, over a window of the last steps; of several, one at random. As long as
/// no more steps were taken than the window has, these are all spikes so far: after T steps of a sample, what
/// `Trainer/evaluate(on:repetitions:)` says of it in its first pass. The network goes on from step to step and forgets nothing by
/// itself.
public final class StreamedClassifier {
    /// What the network says after a step.
    public struct Decision: Sendable, Hashable {
        public let label: Int
        /// Spikes of each class's neurons in the window, for each neuron, step and channel, 0…1.
        public let rates: [Double]
        /// Of each class: as ``Loss/probabilities(rates:)``.
        public let probabilities: [Double]
    }

    /// Steps that a decision is made from.
    public let window: Int
    private let stream: NetworkStream
    private let decoder: RateDecoder
    private let loss: Loss
    private let sample: Int
    private let ties: RandomStream
    private let spikesPerStep: Int
    /// Spikes of each class since the beginning, after each of the last steps: a ring, `[step % window][class]`.
    private var totals: [Int]

    public static let windows = 1...65_536

    /// - Parameters:
    ///   - trainer: with a network that is read by the rates of its classes.
    ///   - window: within ``windows``; the steps T that the network was trained on where nil.
    ///   - seed: of all random numbers; that of the run if nil.
    ///   - sample: number of the sample in the random streams, as of a data set in an evaluation.
    /// - Throws: ``LearningError/noClassRates``.
    public init(_ trainer: Trainer, window: Int? = nil, seed: UInt64? = nil, sample: Int = 0) throws {
        guard let objective = trainer.objective as? RateClassification else {
            throw LearningError.noClassRates
        }
        (decoder, loss) = (objective.rates, objective.loss)
        self.window = window ?? trainer.plan.stepCount
        precondition(Self.windows.contains(self.window))
        let seed = seed ?? trainer.seed
        stream = try NetworkStream(
            trainer.network, seed: seed, repetition: Evaluator.firstEpoch, sample: sample,
            precision: trainer.plan.precision)
        self.sample = sample
        ties = RandomStream(seed: seed, purpose: .tie, epoch: Evaluator.firstEpoch)
        spikesPerStep = decoder.neuronsPerClass * trainer.network.outputChannelCount
        totals = [Int](repeating: 0, count: self.window * decoder.classCount)
    }

    /// Takes one time step.
    ///
    /// - Parameter inputs: those that spike, in any order.
    /// - Throws: `NetworkError` for an input that the network does not have.
    public func step(_ inputs: [Int]) throws -> Decision {
        let place = stream.stepCount % window * decoder.classCount
        try stream.step(inputs)
        var counts: [Int] = []
        for label in 0..<decoder.classCount {
            let neurons = label * decoder.neuronsPerClass..<(label + 1) * decoder.neuronsPerClass
            let total = stream.spikeCounts[neurons].reduce(0, +)
            counts.append(total - totals[place + label])
            totals[place + label] = total
        }
        let spikes = Double(spikesPerStep * min(stream.stepCount, window))
        let rates = counts.map { Double($0) / spikes }
        return Decision(
            label: decoder.predictions(spikeCounts: counts, sampleIndices: [sample], random: ties)[0],
            rates: rates, probabilities: loss.probabilities(rates: rates))
    }
}

extension Loss {
    /// What a network trained with the loss takes the rates of the classes for: softmax(τ · rates); of (S9), whose rates are
    /// probabilities each by itself, their parts of the sum.
    public func probabilities(rates: [Double]) -> [Double] {
        let weights =
            switch self {
            case .softmaxCrossEntropy(let temperature):
                rates.map { exp(temperature * ($0 - (rates.max() ?? 0))) }
            case .rateCrossEntropy(let floor):
                rates.map { min(max($0, floor), 1 - floor) }
            }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }
}
