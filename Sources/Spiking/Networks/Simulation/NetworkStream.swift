import Compute
import SpikeTrains

/// A network that takes one time step of one sample at a time: for input that arrives as it happens, where the delay
/// until the answer counts.
///
/// ```swift
/// let stream = try NetworkStream(network, seed: 1)
/// for events in sensor {
///     try stream.step(events)
///     if stream.hasFired(3) { … }
/// }
/// stream.reset(sample: 1)
/// ```
///
/// The neurons' memories, and the spikes that are under way along delayed projections, live from step to step, for as many
/// steps as there are; of a network without cycles, a step allocates no memory. The random
/// numbers are those of ``Network/run(_:seed:repetition:precision:parallelism:)`` for the same seed, repetition, sample and
/// step. The spikes too; in single precision except where a random number and the firing probability agree to about seven
/// digits, where sums in another order can decide otherwise.
///
/// Runs on the thread that calls it: a step of a thousand neurons is too short to share.
public final class NetworkStream {
    public let network: Network
    /// Seed of the measurements.
    public let seed: UInt64
    /// Repetition of the same input under the same seed.
    public let repetition: Int
    /// Steps since the sample began.
    public private(set) var stepCount = 0
    /// Spikes of each output neuron since the sample began, on all channels.
    public private(set) var spikeCounts: [Int]

    private let simulator: NetworkSimulator
    private let outputIndex: Int
    private let outputChannelCount: Int
    private var input: SpikeRaster
    private var sample = [0]

    /// - Parameters:
    ///   - seed: of the measurements; the same seed gives the same spikes.
    ///   - repetition: of the same input under the same seed, 0 ..< 65536: another one draws other numbers.
    ///   - sample: number of the first sample; others follow with ``reset(sample:)``.
    ///   - precision: of the sums over full projections.
    /// - Throws: ``NetworkError/repetition(_:)`` for another repetition, ``NetworkError/signal(_:)`` for a network whose inputs give
    ///   real numbers.
    public init(
        _ network: Network, seed: UInt64, repetition: Int = 0, sample: Int = 0,
        precision: SumPrecision = .float32
    ) throws(NetworkError) {
        guard NetworkError.repetitions.contains(repetition) else { throw .repetition(repetition) }
        guard network.graph.input.signal == .spikes else { throw .signal(network.graph.input.signal) }
        self.network = network
        outputIndex = network.outputIndex
        outputChannelCount = network.outputChannelCount
        self.seed = seed
        self.repetition = repetition
        simulator = NetworkSimulator(
            network, stepCount: 1, parallelism: Parallelism(threadCount: 1), precision: precision,
            carriesMemory: true)
        simulator.compile(network)
        input = SpikeRaster(
            sampleCount: 1, stepCount: 1, neuronCount: network.inputCount,
            channelCount: network.graph.input.channelCount)
        spikeCounts = [Int](repeating: 0, count: network.outputCount)
        self.sample[0] = sample
    }

    /// Takes one time step.
    ///
    /// - Parameter spikes: the inputs that spike, each below the network's `inputCount`, in any order; one that is named
    ///   twice spikes once. On every channel, where there are several.
    /// - Throws: ``NetworkError/input(_:expected:)`` for an input that the network does not have; the step is then not
    ///   taken.
    public func step(_ spikes: [Int]) throws {
        let words = input.words.mutableView()
        words.fill(with: 0)
        for neuron in spikes {
            guard neuron >= 0, neuron < network.inputCount else {
                throw NetworkError.input(neuron, expected: network.inputCount)
            }
            for channel in 0..<input.channelCount {
                words[neuron / 64 * input.channelCount + channel] |= 1 << UInt64(neuron % 64)
            }
        }
        simulator.run(
            network, input: input, sampleIndices: sample, seed: seed, epoch: repetition, firstStep: stepCount)
        stepCount += 1
        let fired = simulator.outputRaster
        for channel in 0..<outputChannelCount {
            for neuron in spikeCounts.indices where fired[0, 0, neuron, channel] { spikeCounts[neuron] += 1 }
        }
    }

    /// Whether a neuron fired in the last step, on one of its channels.
    ///
    /// - Parameter population: number of the node in the graph; the one that is read out if nil.
    public func hasFired(_ neuron: Int, population: Int? = nil, channel: Int = 0) -> Bool {
        stepCount > 0
            && simulator.hasFired(neuron, population: population ?? outputIndex, channel: channel)
    }

    /// Begins another sample: memories in |0…0⟩, counts at 0, random numbers of its own.
    public func reset(sample: Int) {
        self.sample[0] = sample
        stepCount = 0
        for neuron in spikeCounts.indices { spikeCounts[neuron] = 0 }
    }
}
