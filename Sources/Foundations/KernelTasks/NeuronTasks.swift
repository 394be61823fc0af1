/// What the firing probability is differentiated as, where the spike itself has no derivative.
public enum SurrogateKind: Int32, Sendable {
    /// ∂s/∂p = 1.
    case straightThrough = 0
    /// ∂s/∂p = p(1 − p).
    case bernoulliVariance = 1
    /// ∂s/∂p = σ′(p), (S11).
    case sigmoidDerivative = 2
    /// No surrogate: the errors of channel 0 are ∂L/∂p(s_t) of the recorded pattern of all channels. Of the kernels for
    /// any circuit only; of one channel, ∂L/∂p(s_t) is ± ∂L/∂p(s_t = 1) with a straight-through derivative.
    case recordedPattern = 3
}

/// All steps of one tile of neurons for a range of samples, (4), (6)–(8).
public struct NeuronStepTask<Real: BitwiseCopyable> {
    /// The neurons' instruments. Real gauge: `[D²][64]`, entry `D·row + column` of the real D×D matrix.
    /// Otherwise: `[D²][2][64]`, real and imaginary parts of the D×D unitary with the ``EmbeddingPhase`` in its
    /// columns. Spike feedback: `[1 + k][64]`,
    /// (θ_mem + θ_in)/π, and θ_ent/π of each of the last k spikes, the last first.
    public var instruments: UnsafePointer<Real>
    /// `[channel][row][64]`
    public var currents: UnsafePointer<Real>
    /// Distance between two channels of `currents`, in elements.
    public var channelStride: Int
    /// Rows of the first sample onward; row r of channel c is word `r · wordsPerRow + c`.
    public var spikes: UnsafeMutablePointer<UInt64>
    public var wordsPerRow: Int
    /// Working memory for random words, ``GeneralKernelLayout/randomWords(stepCount:)``; of the kernels that are
    /// not general, `[step][64]`.
    public var randomWords: UnsafeMutablePointer<UInt32>
    /// `[channel][row][64]`, or nil. Same strides as `currents`.
    public var firingProbabilities: UnsafeMutablePointer<Real>?
    /// Per row Σ p and Σ p² over the tile and its channels, each still spread over 16 lanes, `[row][2][16]`,
    /// or nil.
    public var rowSums: UnsafeMutablePointer<Real>?
    /// Identities of the samples in the random streams.
    public var samples: UnsafePointer<UInt32>
    public var sampleCount: Int
    /// Rows from one sample to the next: more than `stepCount` where only some steps of each are run.
    public var rowStride: Int
    /// Number of the first row's step in the sample; not 0 only where the memory is carried.
    public var firstStep: Int
    public var stepCount: Int
    /// The memory before the first step, where that is not step 0: ``CarriedMemory/size(memoryQubits:)`` elements a
    /// sample.
    public var memoryBefore: UnsafePointer<Real>?
    /// Where the memory is left after the last step, likewise; nil for whole samples. May be `memoryBefore`.
    public var memoryAfter: UnsafeMutablePointer<Real>?
    /// Neurons of the tile that exist, 1 ... 64.
    public var neuronCount: Int
    public var tile: Int
    public var key: SIMD2<UInt32>
    public var tag: UInt32
    public var ioQubits: Int
    public var memoryQubits: Int
    /// Whether the memory is put back to |0…0⟩ at every step.
    public var forgets: Bool
    /// Working memory of the general kernels,
    /// ``GeneralKernelLayout/adjointScratch(ioQubits:memoryQubits:stepCount:)``.
    public var scratch: UnsafeMutablePointer<Real>

    public init(
        instruments: UnsafePointer<Real>, currents: UnsafePointer<Real>, channelStride: Int,
        spikes: UnsafeMutablePointer<UInt64>, wordsPerRow: Int, randomWords: UnsafeMutablePointer<UInt32>,
        firingProbabilities: UnsafeMutablePointer<Real>?, rowSums: UnsafeMutablePointer<Real>?,
        samples: UnsafePointer<UInt32>, sampleCount: Int, rowStride: Int? = nil, firstStep: Int = 0,
        stepCount: Int, memoryBefore: UnsafePointer<Real>? = nil,
        memoryAfter: UnsafeMutablePointer<Real>? = nil, neuronCount: Int, tile: Int,
        key: SIMD2<UInt32>, tag: UInt32, ioQubits: Int, memoryQubits: Int, forgets: Bool,
        scratch: UnsafeMutablePointer<Real>
    ) {
        self.instruments = instruments
        self.currents = currents
        self.channelStride = channelStride
        self.spikes = spikes
        self.wordsPerRow = wordsPerRow
        self.randomWords = randomWords
        self.firingProbabilities = firingProbabilities
        self.rowSums = rowSums
        self.samples = samples
        self.sampleCount = sampleCount
        self.firstStep = firstStep
        self.stepCount = stepCount
        self.rowStride = rowStride ?? stepCount
        self.memoryBefore = memoryBefore
        self.memoryAfter = memoryAfter
        self.neuronCount = neuronCount
        self.tile = tile
        self.key = key
        self.tag = tag
        self.ioQubits = ioQubits
        self.memoryQubits = memoryQubits
        self.forgets = forgets
        self.scratch = scratch
    }
}

/// Reverse of ``NeuronStepTask``, given the spikes: from ∂L/∂s to ∂L/∂z and ∂L/∂(instrument).
///
/// The memory is recomputed from the spikes and the currents. The recorded spikes are constants: the
/// derivative runs through p(s_t | s^{t−1}), and through the memory along the recorded history.
public struct NeuronAdjointTask<Real: BitwiseCopyable> {
    public var instruments: UnsafePointer<Real>
    public var currents: UnsafePointer<Real>
    public var channelStride: Int
    public var spikes: UnsafePointer<UInt64>
    public var wordsPerRow: Int
    /// On entry ∂L/∂s, on return ∂L/∂z: `[channel][row][64]`, same strides as `currents`.
    public var errors: UnsafeMutablePointer<Real>
    /// Per row the factors (A, B) of the sparsity regulariser, ∂R/∂p = A − B p: `[row][2]`, or nil.
    public var regulariser: UnsafePointer<Real>?
    /// ∂L/∂(instrument), the layout of `instruments`; added to.
    public var instrumentGradient: UnsafeMutablePointer<Real>
    public var surrogate: SurrogateKind
    /// Whether a spike's error has also what the other spike would have made of the neuron's own memory: of kernels that carry
    /// probabilities or density matrices, of one channel.
    public var creditsOwnSpikes: Bool
    public var sampleCount: Int
    /// As in the step: rows from one sample to the next, number of the first row's step.
    public var rowStride: Int
    public var firstStep: Int
    public var stepCount: Int
    /// The memory before the first step, as in the step.
    public var memoryBefore: UnsafePointer<Real>?
    /// On entry ∂L/∂(amplitudes of the memory after the last step), on return those of the memory before the first,
    /// in the layout of the memory, whose norm has no part in it; nil where nothing follows the last step and nothing
    /// is asked about the first.
    public var memoryErrors: UnsafeMutablePointer<Real>?
    public var neuronCount: Int
    public var ioQubits: Int
    public var memoryQubits: Int
    public var forgets: Bool
    /// Working memory: ``GeneralKernelLayout/adjointScratch(ioQubits:memoryQubits:stepCount:)``, or
    /// ``RealGauge/adjointScratchPerStep`` for each step.
    public var scratch: UnsafeMutablePointer<Real>

    public init(
        instruments: UnsafePointer<Real>, currents: UnsafePointer<Real>, channelStride: Int,
        spikes: UnsafePointer<UInt64>, wordsPerRow: Int, errors: UnsafeMutablePointer<Real>,
        regulariser: UnsafePointer<Real>?, instrumentGradient: UnsafeMutablePointer<Real>,
        surrogate: SurrogateKind, creditsOwnSpikes: Bool = false, sampleCount: Int, rowStride: Int? = nil,
        firstStep: Int = 0,
        stepCount: Int, memoryBefore: UnsafePointer<Real>? = nil,
        memoryErrors: UnsafeMutablePointer<Real>? = nil, neuronCount: Int, ioQubits: Int,
        memoryQubits: Int, forgets: Bool, scratch: UnsafeMutablePointer<Real>
    ) {
        self.instruments = instruments
        self.currents = currents
        self.channelStride = channelStride
        self.spikes = spikes
        self.wordsPerRow = wordsPerRow
        self.errors = errors
        self.regulariser = regulariser
        self.instrumentGradient = instrumentGradient
        self.surrogate = surrogate
        self.creditsOwnSpikes = creditsOwnSpikes
        self.sampleCount = sampleCount
        self.rowStride = rowStride ?? stepCount
        self.firstStep = firstStep
        self.stepCount = stepCount
        self.memoryBefore = memoryBefore
        self.memoryErrors = memoryErrors
        self.neuronCount = neuronCount
        self.ioQubits = ioQubits
        self.memoryQubits = memoryQubits
        self.forgets = forgets
        self.scratch = scratch
    }
}

/// The memory of one tile of neurons, for one sample, between two calls that go on with the same samples.
///
/// In the layout of the kernel that uses it: real gauge, both amplitudes and the norm, `[3][64]`; general, for each group
/// of neurons all amplitudes and the norm. (Spike feedback has its own: ``SpikeFeedbackLayout``.)
public enum CarriedMemory {
    /// Elements of a tile.
    public static func size(memoryQubits: Int) -> Int { (2 * (1 << memoryQubits) + 1) * tileWidth }
}

/// Sizes of the working memory of the general kernels, in elements.
public enum GeneralKernelLayout {
    /// Samples that run side by side.
    public static var samplesPerBlock: Int { 4 }

    /// Registers of one step's record: memory, state before and after the circuit (each complex), and real
    /// numbers for each channel and pattern.
    private static func record(_ ioQubits: Int, _ memoryQubits: Int) -> Int {
        2 * (1 << memoryQubits) + 4 * (1 << (ioQubits + memoryQubits)) + 2 * ioQubits + 2 * (1 << ioQubits)
            + 2
    }

    /// Random words of a block of samples.
    public static func randomWords(stepCount: Int) -> Int { samplesPerBlock * stepCount * tileWidth }

    /// The instrument, and for each sample a record a step, one more, and the adjoint variables. Enough for the
    /// step too, which needs one record and a register of spikes for each step and channel.
    public static func adjointScratch(ioQubits: Int, memoryQubits: Int, stepCount: Int) -> Int {
        let instrument = 2 * (1 << (2 * (ioQubits + memoryQubits)))
        let sample = (stepCount + 2) * record(ioQubits, memoryQubits)
        return (instrument + samplesPerBlock * sample) * 16
    }
}

/// One gate as the compiler of populations sees it: a Pauli string P, turned or applied, where the
/// control qubit (if any) is 1; or a given matrix.
///
/// P|j⟩ = i^{yCount} (−1)^{|j ∧ signMask|} |j ⊕ flipMask⟩, for basis state j of all qubits.
public struct GateOperation: Sendable {
    public enum Action: Int32, Sendable {
        /// exp(−i a P/2)
        case rotation
        /// P
        case pauli
        /// Hadamard gate on the qubit of `flipMask`.
        case hadamard
        /// A given matrix, on the qubits of `controlMask` and `flipMask`.
        case matrix
    }

    /// A given unitary matrix, 2 × 2 or 4 × 4, row after row.
    public struct Matrix: Sendable {
        public var real: InlineArray<16, Double>
        public var imaginary: InlineArray<16, Double>
    }

    public var action: Action
    /// Bits that must be 1 for the gate to act; 0 for none.
    public var controlMask: Int32
    public var flipMask: Int32
    public var signMask: Int32
    public var yCount: Int32
    /// Index of the angle, or −1 for a fixed one.
    public var parameter: Int32
    public var scale: Double
    public var fixedAngle: Double
    /// Of ``Action/matrix``: the more significant bit of its index is the qubit of `controlMask`, the other that of
    /// `flipMask`; a 2 × 2 matrix has no `controlMask`.
    public var matrix = Matrix(real: .init(repeating: 0), imaginary: .init(repeating: 0))

    /// A given matrix.
    ///
    /// - Parameters:
    ///   - matrix: 4 or 16 elements, row after row.
    ///   - firstBit: bit of the qubit that is the more significant in the matrix's index.
    ///   - secondBit: bit of the other qubit; 0 for a 2 × 2 matrix.
    public init(matrix: [(real: Double, imaginary: Double)], firstBit: Int32, secondBit: Int32) {
        precondition(matrix.count == (secondBit == 0 ? 4 : 16), "the matrix is that of one or two qubits")
        self.init(
            action: .matrix, controlMask: secondBit == 0 ? 0 : firstBit,
            flipMask: secondBit == 0 ? firstBit : secondBit, signMask: 0, yCount: 0, parameter: -1, scale: 1,
            fixedAngle: 0)
        for (index, element) in matrix.enumerated() {
            self.matrix.real[index] = element.real
            self.matrix.imaginary[index] = element.imaginary
        }
    }

    public init(
        action: Action, controlMask: Int32, flipMask: Int32, signMask: Int32, yCount: Int32, parameter: Int32,
        scale: Double, fixedAngle: Double
    ) {
        self.action = action
        self.controlMask = controlMask
        self.flipMask = flipMask
        self.signMask = signMask
        self.yCount = yCount
        self.parameter = parameter
        self.scale = scale
        self.fixedAngle = fixedAngle
    }
}

/// Unitaries of one tile of neurons that share a circuit and differ in its angles.
public struct CompilationTask<Real: BitwiseCopyable> {
    public var operations: UnsafeBufferPointer<GateOperation>
    /// `[parameter][64]`, radians.
    public var angles: UnsafePointer<Real>
    /// Dimension D = 2^qubits.
    public var dimension: Int
    /// `[D²][2][64]`, entry `D·row + column`, real and imaginary part.
    public var unitaries: UnsafeMutablePointer<Real>

    public init(
        operations: UnsafeBufferPointer<GateOperation>, angles: UnsafePointer<Real>, dimension: Int,
        unitaries: UnsafeMutablePointer<Real>
    ) {
        self.operations = operations
        self.angles = angles
        self.dimension = dimension
        self.unitaries = unitaries
    }
}

/// Reverse of ``CompilationTask``: ∂L/∂θ from ∂L/∂V (real part: derivative by the real part of V,
/// imaginary part: by its imaginary part).
public struct PullbackTask<Real: BitwiseCopyable> {
    public var operations: UnsafeBufferPointer<GateOperation>
    public var angles: UnsafePointer<Real>
    public var dimension: Int
    /// On entry V, on return the identity (within rounding).
    public var unitaries: UnsafeMutablePointer<Real>
    /// On entry ∂L/∂V; overwritten.
    public var unitaryGradient: UnsafeMutablePointer<Real>
    /// `[parameter][64]`; added to.
    public var angleGradient: UnsafeMutablePointer<Real>

    public init(
        operations: UnsafeBufferPointer<GateOperation>, angles: UnsafePointer<Real>, dimension: Int,
        unitaries: UnsafeMutablePointer<Real>, unitaryGradient: UnsafeMutablePointer<Real>,
        angleGradient: UnsafeMutablePointer<Real>
    ) {
        self.operations = operations
        self.angles = angles
        self.dimension = dimension
        self.unitaries = unitaries
        self.unitaryGradient = unitaryGradient
        self.angleGradient = angleGradient
    }
}
