/// Neurons that a kernel handles at once: one tile. A tile is one word of a raster and, in single
/// precision, four cache lines of every other quantity.
public let tileWidth = 64

/// The hot loops, once for each instruction-set level.
///
/// Every kernel works on one tile of neurons and is called from one thread. All levels give the same
/// bits: sums are taken in the same order, and no multiplication is contracted with an addition.
/// Lengths are the caller's duty: module `Compute` and the population types check them once.
public protocol KernelSet: Sendable {
    /// The psABI level, for reports: `x86-64-v2`, `x86-64-v3`, `x86-64-v4` or `baseline`.
    static var name: String { get }

    static func encodeRate(_ task: RateEncodingTask)
    static func drawWords(_ task: RandomWordsTask)
    static func listPatterns(_ task: PatternListingTask)
    static func transposePatterns(_ task: PatternTranspositionTask)

    static func addRows(_ task: RowAdditionTask<Float>)
    static func addRows(_ task: RowAdditionTask<Int16>)
    static func addErrors(_ task: ErrorAdditionTask<Float, Float>)
    static func addErrors(_ task: ErrorAdditionTask<Int16, Int32>)
    // What sums in fixed point need beside them.
    static func largestSum(_ task: LargestSumTask) -> Float
    static func fixRows(_ task: FixedRowsTask)
    static func scaleSums(_ task: FixedSumsTask)
    static func multiplyRows(_ task: DenseProductTask)

    // The same along runs of synapses.
    static func addRuns(_ task: SynapseRunTask)
    static func addRunGradients(_ task: SynapseRunTask)
    static func propagateRunErrors(_ task: SynapseRunTask)

    // Spikes pooled, and errors taken back to the neurons that they were pooled from.
    static func poolSpikes(_ task: PoolingTask)
    static func unpoolErrors(_ task: UnpoolingTask)

    static func stepAdam(_ task: AdamTask)
    static func stepMomentum(_ task: MomentumTask)

    static func stepRealGauge(_ task: NeuronStepTask<Float>)
    static func adjointRealGauge(_ task: NeuronAdjointTask<Float>)
    static func stepSpikeFeedback(_ task: NeuronStepTask<Float>, history: Int)
    static func adjointSpikeFeedback(_ task: NeuronAdjointTask<Float>, history: Int)
    static func compileHiddenStates(
        _ parameters: UnsafePointer<Float>, to instruments: UnsafeMutablePointer<Float>,
        _ shape: HiddenStatesShape)
    static func pullBackHiddenStates(
        _ parameters: UnsafePointer<Float>, instruments: UnsafePointer<Float>,
        instrumentGradient: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>,
        _ shape: HiddenStatesShape)
    static func stepHiddenStates(_ task: NeuronStepTask<Float>, _ shape: HiddenStatesShape)
    static func adjointHiddenStates(_ task: NeuronAdjointTask<Float>, _ shape: HiddenStatesShape)
    static func stepHiddenBit(_ task: NeuronStepTask<Float>)
    static func adjointHiddenBit(_ task: NeuronAdjointTask<Float>)
    static func stepLIF(_ task: NeuronStepTask<Float>, _ settings: LIFSettings)
    static func adjointLIF(_ task: NeuronAdjointTask<Float>, _ settings: LIFSettings)
    static func stepQLIF(_ task: NeuronStepTask<Float>, _ settings: QLIFSettings)
    static func adjointQLIF(_ task: NeuronAdjointTask<Float>, _ settings: QLIFSettings)

    /// Any circuit.
    static func stepGeneral(_ task: NeuronStepTask<Float>)
    static func stepGeneral(_ task: NeuronStepTask<Double>)
    static func adjointGeneral(_ task: NeuronAdjointTask<Float>)
    static func adjointGeneral(_ task: NeuronAdjointTask<Double>)
    /// The same for circuits that are real in the gauge (−i)^{ones}.
    static func stepGeneralRealGauge(_ task: NeuronStepTask<Float>)
    static func adjointGeneralRealGauge(_ task: NeuronAdjointTask<Float>)

    /// Noisy neurons, in the Pauli basis.
    static func stepNoisy(_ task: NeuronStepTask<Float>, _ embedding: NoisyEmbedding<Float>)
    static func stepNoisy(_ task: NeuronStepTask<Double>, _ embedding: NoisyEmbedding<Double>)
    static func adjointNoisy(_ task: NeuronAdjointTask<Float>, _ embedding: NoisyEmbedding<Float>)
    static func adjointNoisy(_ task: NeuronAdjointTask<Double>, _ embedding: NoisyEmbedding<Double>)
    static func compileNoisy(_ task: NoisyCompilationTask<Float>)
    static func compileNoisy(_ task: NoisyCompilationTask<Double>)
    static func pullBackNoisy(_ task: NoisyPullbackTask<Float>)
    static func pullBackNoisy(_ task: NoisyPullbackTask<Double>)

    // Probabilities of given spikes, and shots that find them.
    static func likelihoodRealGauge(_ task: LikelihoodTask<Float>)
    static func likelihoodGeneral(_ task: LikelihoodTask<Float>)
    static func likelihoodGeneralRealGauge(_ task: LikelihoodTask<Float>)
    static func likelihoodNoisy(_ task: LikelihoodTask<Float>, _ embedding: NoisyEmbedding<Float>)
    static func likelihoodSpikeFeedback(_ task: LikelihoodTask<Float>, history: Int)
    static func likelihoodHiddenBit(_ task: LikelihoodTask<Float>)
    static func likelihoodHiddenStates(_ task: LikelihoodTask<Float>, _ shape: HiddenStatesShape)
    static func countShots(_ task: ShotTask)
    static func addSigned(_ task: SignedAdditionTask)

    // Circuits that are told by their expectation values.
    static func expectations(_ task: ExpectationTask<Float>)
    static func expectations(_ task: ExpectationTask<Double>)
    static func adjointExpectations(_ task: ExpectationAdjointTask<Float>)
    static func adjointExpectations(_ task: ExpectationAdjointTask<Double>)

    static func compile(_ task: CompilationTask<Float>)
    static func compile(_ task: CompilationTask<Double>)
    static func pullBack(_ task: PullbackTask<Float>)
    static func pullBack(_ task: PullbackTask<Double>)

    // What the machine can do, for benchmarks.

    /// Returns the additions done.
    static func addRegisters(_ task: RegisterAdditionTask) -> Int
    static func addRowStream(_ task: RowStreamTask<Float, Float>)
    static func addRowStream(_ task: RowStreamTask<Int16, Int32>)
    static func updateStreams(_ task: StreamUpdateTask)
}

/// Bernoulli encoding of the rows of one sample: `bits[step][word]`, bit i of a row set where a 16-bit
/// random number is below `thresholds[i]`.
public struct RateEncodingTask {
    /// Probability × 65536 of each input, 0 ... 65536.
    public var thresholds: UnsafePointer<UInt32>
    /// Inputs, a multiple of ``inputBlock``; the caller pads with thresholds of 0.
    public var inputCount: Int
    /// Rows of the sample, `words` long each.
    public var bits: UnsafeMutablePointer<UInt64>
    public var wordsPerRow: Int
    public var stepCount: Int
    public var key: SIMD2<UInt32>
    /// Words 2 and 3 of the counter.
    public var sample: UInt32
    public var tag: UInt32

    /// Inputs that one set of random blocks serves: 16 lanes × 4 words × 2 halves.
    public static var inputBlock: Int { 128 }

    public init(
        thresholds: UnsafePointer<UInt32>, inputCount: Int, bits: UnsafeMutablePointer<UInt64>,
        wordsPerRow: Int, stepCount: Int, key: SIMD2<UInt32>, sample: UInt32, tag: UInt32
    ) {
        self.thresholds = thresholds
        self.inputCount = inputCount
        self.bits = bits
        self.wordsPerRow = wordsPerRow
        self.stepCount = stepCount
        self.key = key
        self.sample = sample
        self.tag = tag
    }
}

/// The random words of one tile of neurons for all steps of one sample: `words[step][neuron]`.
///
/// Neuron n of tile k draws word `n / 16` of the Philox block with element `16 k + n % 16`.
public struct RandomWordsTask {
    public var words: UnsafeMutablePointer<UInt32>
    public var firstStep: Int
    public var stepCount: Int
    public var tile: Int
    public var key: SIMD2<UInt32>
    public var sample: UInt32
    public var tag: UInt32

    public init(
        words: UnsafeMutablePointer<UInt32>, firstStep: Int = 0, stepCount: Int, tile: Int,
        key: SIMD2<UInt32>, sample: UInt32, tag: UInt32
    ) {
        self.words = words
        self.firstStep = firstStep
        self.stepCount = stepCount
        self.tile = tile
        self.key = key
        self.sample = sample
        self.tag = tag
    }
}

/// The inputs of one sample that spiked within one block of steps, sorted by their pattern.
///
/// The pattern q of an input in a block of L steps has bit t set where it spiked at step t of the block.
public struct PatternListingTask {
    /// The block's first row.
    public var words: UnsafePointer<UInt64>
    public var wordsPerRow: Int
    /// Steps of the block, L.
    public var stepCount: Int
    /// `2^L + 1` positions in `inputs`: pattern q's inputs are `starts[q] ..< starts[q + 1]`, q ≥ 1.
    public var starts: UnsafeMutablePointer<UInt32>
    /// Position of the block's first input.
    public var first: UInt32
    public var inputs: UnsafeMutablePointer<UInt16>

    public init(
        words: UnsafePointer<UInt64>, wordsPerRow: Int, stepCount: Int, starts: UnsafeMutablePointer<UInt32>,
        first: UInt32, inputs: UnsafeMutablePointer<UInt16>
    ) {
        self.words = words
        self.wordsPerRow = wordsPerRow
        self.stepCount = stepCount
        self.starts = starts
        self.first = first
        self.inputs = inputs
    }
}

/// The patterns of some samples in one block of steps, input by input: entry `sample · 2^L + q`, samples
/// counted from the first.
public struct PatternTranspositionTask {
    /// Of the first sample, from ``PatternListingTask``.
    public var starts: UnsafePointer<UInt32>
    /// Distance between two samples' `starts`.
    public var startStride: Int
    public var inputs: UnsafePointer<UInt16>
    public var sampleCount: Int
    public var patternCount: Int
    public var inputCount: Int
    /// `inputCount + 1` positions in `entries`; the first is given, the others are set.
    public var positions: UnsafeMutablePointer<UInt32>
    public var entries: UnsafeMutablePointer<UInt16>
    /// Of each sample, bit q for every pattern q that occurs, or that the sum of one that does begins with: a sum over the steps
    /// of q is that of q without its first step, and that step.
    public var needed: UnsafeMutablePointer<UInt32>

    public init(
        starts: UnsafePointer<UInt32>, startStride: Int, inputs: UnsafePointer<UInt16>, sampleCount: Int,
        patternCount: Int, inputCount: Int, positions: UnsafeMutablePointer<UInt32>,
        entries: UnsafeMutablePointer<UInt16>, needed: UnsafeMutablePointer<UInt32>
    ) {
        self.starts = starts
        self.startStride = startStride
        self.inputs = inputs
        self.sampleCount = sampleCount
        self.patternCount = patternCount
        self.inputCount = inputCount
        self.positions = positions
        self.entries = entries
        self.needed = needed
    }
}

/// Currents of one tile in one block of steps of one sample, (1).
///
/// Inputs with the same pattern are added once, and their sum to each step of the pattern: every weight row
/// is loaded once for the whole block instead of once for each spike.
public struct RowAdditionTask<Weight> {
    /// `[input][64]`; whole numbers of 16 bits with their columns in pairs, as ``FixedPoint`` says, or single precision.
    public var weights: UnsafePointer<Weight>
    /// What a whole number of 1 stands for; without effect in single precision.
    public var unit: Float
    /// Of the sample and block, from ``PatternListingTask``.
    public var starts: UnsafePointer<UInt32>
    public var inputs: UnsafePointer<UInt16>
    /// Steps of the block, at most 5.
    public var stepCount: Int
    /// Neurons of the tile: with 16 or fewer, in fixed point 32, the other columns are left out.
    public var neuronCount: Int
    /// `[step][64]`
    public var currents: UnsafeMutablePointer<Float>

    public init(
        weights: UnsafePointer<Weight>, unit: Float = 1, starts: UnsafePointer<UInt32>,
        inputs: UnsafePointer<UInt16>, stepCount: Int, neuronCount: Int,
        currents: UnsafeMutablePointer<Float>
    ) {
        self.neuronCount = neuronCount
        self.weights = weights
        self.unit = unit
        self.starts = starts
        self.inputs = inputs
        self.stepCount = stepCount
        self.currents = currents
    }
}

/// Gradient of some of one tile's weights from some samples in one block of steps: for every input, the sum of
/// the errors of its patterns, where the error of a pattern is the sum over its steps. In fixed point errors are rounded step
/// by step, to 16 bits, and added up to 32.
public struct ErrorAdditionTask<Term, Sum> {
    /// Of the first sample's first step in the block, `[step][64]`.
    public var errors: UnsafePointer<Float>
    /// Under which no sum over the steps of a pattern, rounded step by step, is beyond ±``FixedPoint/largest``; without effect
    /// in single precision.
    public var scale: Float
    /// Distance between two samples, in elements.
    public var sampleStride: Int
    public var sampleCount: Int
    /// Steps of the block.
    public var stepCount: Int
    /// From ``PatternTranspositionTask``: which patterns are needed, of each sample.
    public var needed: UnsafePointer<UInt32>
    /// From ``PatternTranspositionTask``: of input `inputs.lowerBound` onward.
    public var positions: UnsafePointer<UInt32>
    public var entries: UnsafePointer<UInt16>
    public var inputCount: Int
    /// Neurons of the tile: with 16 or fewer, in fixed point 32, the other columns are left out.
    public var neuronCount: Int
    /// Working memory for the errors of the patterns, `[sample][2^L][64]`.
    public var patternErrors: UnsafeMutablePointer<Term>
    /// `[input][64]`; added to.
    public var gradient: UnsafeMutablePointer<Sum>

    public init(
        errors: UnsafePointer<Float>, scale: Float = 1, sampleStride: Int, sampleCount: Int, stepCount: Int,
        needed: UnsafePointer<UInt32>, positions: UnsafePointer<UInt32>, entries: UnsafePointer<UInt16>,
        inputCount: Int, neuronCount: Int, patternErrors: UnsafeMutablePointer<Term>,
        gradient: UnsafeMutablePointer<Sum>
    ) {
        self.errors = errors
        self.scale = scale
        self.sampleStride = sampleStride
        self.sampleCount = sampleCount
        self.stepCount = stepCount
        self.needed = needed
        self.positions = positions
        self.entries = entries
        self.inputCount = inputCount
        self.neuronCount = neuronCount
        self.patternErrors = patternErrors
        self.gradient = gradient
    }
}

/// Rows of real numbers times 64 columns: `products[row][c] = Σ_n factors[n][row] · columns[n][c]`. The errors of a presynaptic tile's
/// spikes, from those of the currents and the weights; and along inputs that are real numbers the currents, and the gradients of
/// the weights.
public struct DenseProductTask {
    /// `[tile of n][row][64]`
    public var factors: UnsafePointer<Float>
    /// `[n][64]`
    public var columns: UnsafePointer<Float>
    /// Terms n of a sum.
    public var termCount: Int
    /// Rows to do, from the first that `factors` and `products` point to.
    public var rowCount: Int
    /// Distance between tiles of `factors`, in rows.
    public var tileStride: Int
    /// Distance between two rows to do in `factors`, in rows.
    public var rowStride: Int
    /// `[row][64]`
    public var products: UnsafeMutablePointer<Float>

    public init(
        factors: UnsafePointer<Float>, columns: UnsafePointer<Float>, termCount: Int, rowCount: Int,
        tileStride: Int, rowStride: Int = 1, products: UnsafeMutablePointer<Float>
    ) {
        self.factors = factors
        self.columns = columns
        self.termCount = termCount
        self.rowCount = rowCount
        self.tileStride = tileStride
        self.rowStride = rowStride
        self.products = products
    }
}

/// One update of `count` parameters (a multiple of 16) by Adam (Kingma and Ba 2015, with the bias
/// corrections folded into `rate` and `epsilon`).
public struct AdamTask {
    public var parameters: UnsafeMutablePointer<Float>
    public var gradient: UnsafePointer<Float>
    public var firstMoment: UnsafeMutablePointer<Float>
    public var secondMoment: UnsafeMutablePointer<Float>
    public var count: Int
    /// Learning rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ).
    public var rate: Float
    /// ε · √(1 − β₂ᵗ).
    public var epsilon: Float
    public var firstDecay: Float
    public var secondDecay: Float
    /// Factor on the gradient, for clipping and the mean over a batch.
    public var gradientScale: Float

    public init(
        parameters: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
        firstMoment: UnsafeMutablePointer<Float>, secondMoment: UnsafeMutablePointer<Float>, count: Int,
        rate: Float, epsilon: Float, firstDecay: Float, secondDecay: Float, gradientScale: Float
    ) {
        self.parameters = parameters
        self.gradient = gradient
        self.firstMoment = firstMoment
        self.secondMoment = secondMoment
        self.count = count
        self.rate = rate
        self.epsilon = epsilon
        self.firstDecay = firstDecay
        self.secondDecay = secondDecay
        self.gradientScale = gradientScale
    }
}

/// One update of `count` parameters (a multiple of 16) by gradient descent with momentum.
public struct MomentumTask {
    public var parameters: UnsafeMutablePointer<Float>
    public var gradient: UnsafePointer<Float>
    public var velocity: UnsafeMutablePointer<Float>
    public var count: Int
    public var rate: Float
    public var momentum: Float
    public var gradientScale: Float

    public init(
        parameters: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
        velocity: UnsafeMutablePointer<Float>, count: Int, rate: Float, momentum: Float, gradientScale: Float
    ) {
        self.parameters = parameters
        self.gradient = gradient
        self.velocity = velocity
        self.count = count
        self.rate = rate
        self.momentum = momentum
        self.gradientScale = gradientScale
    }
}
