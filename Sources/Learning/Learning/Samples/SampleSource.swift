import Compute
import Networks
import SpikeTrains

/// Where the samples of training and evaluation come from: images, series, trials that are drawn anew, recordings.
///
/// A source is asked for one batch after the other, the next one while the last one trains, and need not hold more than that in
/// memory. The same numbers under the same stream are the same spikes, in whatever batch they come.
public protocol SampleSource: Sendable {
    /// What messages call the source.
    var name: String { get }
    /// Samples of an epoch.
    var count: Int { get }
    var shape: SampleShape { get }
    /// Whether an epoch takes the samples in random order; of no use where each is drawn anew.
    var isShuffled: Bool { get }

    /// The spikes, or values, of some samples, and what the network should say of them.
    ///
    /// - Parameters:
    ///   - indices: numbers of the samples, `0 ..< count`, in the order wanted; the address of their random numbers.
    ///   - stepCount: time steps T, as many as the shape has where it has a number of its own.
    ///   - random: the stream of the run and epoch, purpose `encoding`.
    ///   - parallelism: without effect on the result.
    func batch(
        _ indices: [Int], stepCount: Int, random: RandomStream, parallelism: Parallelism
    ) throws -> SampleBatch
}

extension SampleSource {
    public var isShuffled: Bool { true }
}

/// The shape of the samples of a source.
public struct SampleShape: Sendable, Hashable {
    public var inputCount: Int
    /// Spikes, or real numbers in their place.
    public var signal: InputSignal
    /// Channels of each input; the spikes of one channel go to all channels of a network that has several.
    public var channelCount: Int
    /// Time steps T; nil where the encoder makes as many as it is asked for.
    public var stepCount: Int?
    public var targets: TargetShape

    public init(
        inputCount: Int, signal: InputSignal = .spikes, channelCount: Int = 1, stepCount: Int? = nil,
        targets: TargetShape
    ) {
        self.inputCount = inputCount
        self.signal = signal
        self.channelCount = channelCount
        self.stepCount = stepCount
        self.targets = targets
    }
}

/// Some samples as a network takes them.
public struct SampleBatch: Sendable {
    public var input: NetworkInput
    public var targets: Targets

    public init(input: some NetworkInputConvertible, targets: Targets) {
        self.input = input.networkInput
        self.targets = targets
    }
}
