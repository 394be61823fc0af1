/// The probability of given spikes, step by step: p(s_t | s^{t−1}) along the neuron's own history, for all steps of one
/// tile of neurons and a range of samples.
///
/// What a simulator can do and a device cannot: hold the state that the memory has given the spikes so far. A device has
/// to wait for that history to happen.
public struct LikelihoodTask<Real: BitwiseCopyable> {
    /// As in ``NeuronStepTask``.
    public var instruments: UnsafePointer<Real>
    /// `[channel][row][64]`
    public var currents: UnsafePointer<Real>
    /// Distance between two channels of `currents`, in elements.
    public var channelStride: Int
    /// The given spikes: row r of channel c is word `r · wordsPerRow + c`.
    public var spikes: UnsafePointer<UInt64>
    public var wordsPerRow: Int
    /// p(s_t | s^{t−1}), `[row][64]`; 0 from a step on that cannot follow its history. Overwritten.
    public var likelihoods: UnsafeMutablePointer<Real>
    public var sampleCount: Int
    /// Rows from one sample to the next.
    public var rowStride: Int
    public var stepCount: Int
    /// The memory before the first step, as in ``NeuronStepTask``; nil for |0…0⟩.
    public var memoryBefore: UnsafePointer<Real>?
    /// Where the memory is left after the last step, likewise; nil if it is not wanted.
    public var memoryAfter: UnsafeMutablePointer<Real>?
    /// Neurons of the tile that exist, 1 ... 64.
    public var neuronCount: Int
    public var ioQubits: Int
    public var memoryQubits: Int
    /// Whether the memory is put back to |0…0⟩ at every step.
    public var forgets: Bool
    /// As in ``NeuronStepTask``.
    public var scratch: UnsafeMutablePointer<Real>

    public init(
        instruments: UnsafePointer<Real>, currents: UnsafePointer<Real>, channelStride: Int,
        spikes: UnsafePointer<UInt64>, wordsPerRow: Int, likelihoods: UnsafeMutablePointer<Real>,
        sampleCount: Int, rowStride: Int, stepCount: Int, memoryBefore: UnsafePointer<Real>? = nil,
        memoryAfter: UnsafeMutablePointer<Real>? = nil, neuronCount: Int, ioQubits: Int,
        memoryQubits: Int, forgets: Bool, scratch: UnsafeMutablePointer<Real>
    ) {
        self.instruments = instruments
        self.currents = currents
        self.channelStride = channelStride
        self.spikes = spikes
        self.wordsPerRow = wordsPerRow
        self.likelihoods = likelihoods
        self.sampleCount = sampleCount
        self.rowStride = rowStride
        self.stepCount = stepCount
        self.memoryBefore = memoryBefore
        self.memoryAfter = memoryAfter
        self.neuronCount = neuronCount
        self.ioQubits = ioQubits
        self.memoryQubits = memoryQubits
        self.forgets = forgets
        self.scratch = scratch
    }
}

/// Measurement shots of one tile of circuits for one sample: how many of them gave the spikes that were asked for.
public struct ShotTask {
    /// Probability of those spikes at each step, `[step][64]`.
    public var probabilities: UnsafePointer<Float>
    /// Shots that gave them, `[step][64]`. Overwritten.
    public var counts: UnsafeMutablePointer<Float>
    /// Number of the first step in the random streams.
    public var firstStep: Int
    public var stepCount: Int
    public var shotCount: Int
    /// Whether a shot runs on from step to step, and counts only while it has given the spikes of all steps before.
    public var isPostselected: Bool
    /// Of the first shot; each further one has the number that is `tileCount` higher.
    public var tile: Int
    public var tileCount: Int
    public var key: SIMD2<UInt32>
    public var sample: UInt32
    public var tag: UInt32
    /// Working memory, `[step][64]`.
    public var randomWords: UnsafeMutablePointer<UInt32>

    public init(
        probabilities: UnsafePointer<Float>, counts: UnsafeMutablePointer<Float>, firstStep: Int,
        stepCount: Int, shotCount: Int, isPostselected: Bool, tile: Int, tileCount: Int, key: SIMD2<UInt32>,
        sample: UInt32, tag: UInt32, randomWords: UnsafeMutablePointer<UInt32>
    ) {
        self.probabilities = probabilities
        self.counts = counts
        self.firstStep = firstStep
        self.stepCount = stepCount
        self.shotCount = shotCount
        self.isPostselected = isPostselected
        self.tile = tile
        self.tileCount = tileCount
        self.key = key
        self.sample = sample
        self.tag = tag
        self.randomWords = randomWords
    }
}

/// Adds ± one number to each of a row of sums: what one random perturbation says of each of its synapses, (24).
public struct SignedAdditionTask {
    /// Bit i is set where +`value` is added to sum i, else −`value`.
    public var signs: UnsafePointer<UInt64>
    public var wordCount: Int
    public var value: Float
    /// 64 · `wordCount` numbers.
    public var sums: UnsafeMutablePointer<Float>

    public init(
        signs: UnsafePointer<UInt64>, wordCount: Int, value: Float, sums: UnsafeMutablePointer<Float>
    ) {
        self.signs = signs
        self.wordCount = wordCount
        self.value = value
        self.sums = sums
    }
}
