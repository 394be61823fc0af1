/// Sizes of a noisy neuron in the Pauli basis, and of the working memory of its kernels.
///
/// A density matrix of the memory is the vector r of its Pauli coefficients r_P = tr(P σ), P = 1, X, Y, Z and their
/// products, the first qubit most significant. An input-output qubit in which a current has been embedded has the
/// coefficients v = (1, v_Z, v_Y, v_X), the *forms*, which the noise makes from (1, cos φ, −sin φ, 0). With one map S_{s,f}
/// for each recorded spike pattern s and each product f of forms, a step is
///
///     r_s = Σ_f v_f S_{s,f} r,   p(s) = (r_s)_1 / r_1,   r ← r_s
///
/// The maps of a neuron lie in one matrix S of `rowCount` rows (spike pattern · 4^M + coefficient after the step) and
/// `columnCount` columns (form · 4^M + coefficient before it), first channel most significant.
public struct NoisyLayout: Sendable, Hashable {
    public let ioQubits: Int
    public let memoryQubits: Int
    /// 3, or 4 where the noise of the embedding makes X out of 1, Y or Z.
    public let formsPerChannel: Int
    /// Pauli coefficients of the memory, 4^M.
    public let memoryCount: Int
    /// Spike patterns, 2^N.
    public let patternCount: Int
    /// Products of one form a channel.
    public let formCount: Int
    public let rowCount: Int
    public let columnCount: Int
    /// Samples that run side by side: more where the maps fit no near cache, as each is loaded once for all of them.
    public let samplesPerBlock: Int

    public init(ioQubits: Int, memoryQubits: Int, formsPerChannel: Int) {
        self.ioQubits = ioQubits
        self.memoryQubits = memoryQubits
        self.formsPerChannel = formsPerChannel
        memoryCount = 1 << (2 * memoryQubits)
        patternCount = 1 << ioQubits
        formCount = (0..<ioQubits).reduce(1) { product, _ in product * formsPerChannel }
        rowCount = patternCount * memoryCount
        columnCount = formCount * memoryCount
        samplesPerBlock = rowCount * columnCount > 4096 ? 16 : 4
    }

    /// Elements of one tile's maps: for each group of neurons, as wide as a register of the precision, `[row][column]`.
    public var instrumentSize: Int { rowCount * columnCount * tileWidth }

    /// Elements of one tile's memory in one sample, where it is carried from call to call: for each group of neurons, the
    /// coefficients.
    public var carriedMemorySize: Int { memoryCount * tileWidth }

    /// Random words of a block of samples.
    public func randomWords(stepCount: Int) -> Int { samplesPerBlock * stepCount * tileWidth }

    /// Registers of one step's record: coefficients before the step, with the currents embedded and after the circuit; each
    /// channel's forms and their slopes, the products of forms, the weights of the patterns, and a scale.
    public var recordSize: Int {
        memoryCount + columnCount + rowCount + 2 * ioQubits * formsPerChannel + formCount + patternCount + 1
    }

    /// Registers of one sample's adjoint variables.
    public var adjointSize: Int { memoryCount + columnCount + 2 * formCount + patternCount }

    /// Working memory of step and adjoint: for each sample a record a step, one more, and the adjoint
    /// variables. The step needs one record, and a register of spikes for each step and channel.
    public func scratch(stepCount: Int) -> Int {
        let sample = (stepCount + 1) * recordSize + adjointSize
        return samplesPerBlock * sample * 16
    }
}

/// How currents become forms: v_k = a_k + b_k cos φ + c_k sin φ with φ = π/2 · turns · z if z > 0, else (1, 0, 0) for Z, Y, X.
public struct NoisyEmbedding<Real: BitwiseCopyable> {
    /// Numbers of one channel.
    public static var constantCount: Int { 10 }

    /// `[channel][10]`: turns, then a, b, c of Z, of Y, of X.
    public var constants: UnsafePointer<Real>
    public var layout: NoisyLayout

    public init(constants: UnsafePointer<Real>, layout: NoisyLayout) {
        self.constants = constants
        self.layout = layout
    }
}

/// One thing that happens to the Pauli coefficients of a circuit.
public enum NoisyOperation: Sendable, BitwiseCopyable {
    /// exp(−i a P/2) of a product P of Pauli matrices: coefficients (a, b) of `pairs` turn,
    /// r_a ← cos a · r_a − sin a · r_b and r_b ← sin a · r_a + cos a · r_b.
    case rotation(NoisyRotation)
    /// A linear map, always the same.
    case map(NoisyMap)
}

public struct NoisyRotation: Sendable, BitwiseCopyable {
    /// Index of the angle, or −1 for a fixed one.
    public var parameter: Int32
    /// Quarter turns for each radian of the angle.
    public var scale: Double
    /// The fixed angle in quarter turns.
    public var fixedTurns: Double
    /// Where its pairs begin in ``NoisyProgram/pairs``, and how many they are.
    public var firstPair: Int
    public var pairCount: Int

    public init(parameter: Int32, scale: Double, fixedTurns: Double, firstPair: Int, pairCount: Int) {
        self.parameter = parameter
        self.scale = scale
        self.fixedTurns = fixedTurns
        self.firstPair = firstPair
        self.pairCount = pairCount
    }
}

/// A sparse matrix, row by row and column by column.
public struct NoisyMap: Sendable, BitwiseCopyable {
    /// Where its rows begin in ``NoisyProgram/starts``: `rowCount + 1` positions in `places` and `values`.
    public var rows: Int
    public var rowCount: Int
    /// The same of its transpose.
    public var columns: Int
    public var columnCount: Int

    public init(rows: Int, rowCount: Int, columns: Int, columnCount: Int) {
        self.rows = rows
        self.rowCount = rowCount
        self.columns = columns
        self.columnCount = columnCount
    }
}

/// A circuit with its noise, as it acts on Pauli coefficients. The last operation is a map: onto the rows of the instrument.
public struct NoisyProgram<Real: BitwiseCopyable> {
    public var operations: UnsafeBufferPointer<NoisyOperation>
    public var pairs: UnsafePointer<SIMD2<Int32>>
    public var starts: UnsafePointer<Int32>
    public var places: UnsafePointer<Int32>
    public var values: UnsafePointer<Real>
    /// Coefficients of all qubits, 4^(N + M).
    public var stateCount: Int
    /// The coefficient that is 1 at the beginning of each column.
    public var columns: UnsafePointer<Int32>
    public var layout: NoisyLayout

    public init(
        operations: UnsafeBufferPointer<NoisyOperation>, pairs: UnsafePointer<SIMD2<Int32>>,
        starts: UnsafePointer<Int32>, places: UnsafePointer<Int32>, values: UnsafePointer<Real>,
        stateCount: Int, columns: UnsafePointer<Int32>, layout: NoisyLayout
    ) {
        self.operations = operations
        self.pairs = pairs
        self.starts = starts
        self.places = places
        self.values = values
        self.stateCount = stateCount
        self.columns = columns
        self.layout = layout
    }

    /// Working memory to compile and pull back one tile: sines and cosines, a state for each map, and two more.
    public static func scratch(operationCount: Int, mapCount: Int, stateCount: Int) -> Int {
        (2 * operationCount + (mapCount + 2) * stateCount) * 16
    }
}

/// Maps of one tile of noisy neurons that share a circuit and differ in its angles.
public struct NoisyCompilationTask<Real: BitwiseCopyable> {
    public var program: NoisyProgram<Real>
    /// `[parameter][64]`, radians.
    public var angles: UnsafePointer<Real>
    /// As large as ``NoisyLayout/instrumentSize`` says.
    public var instruments: UnsafeMutablePointer<Real>
    public var scratch: UnsafeMutablePointer<Real>

    public init(
        program: NoisyProgram<Real>, angles: UnsafePointer<Real>, instruments: UnsafeMutablePointer<Real>,
        scratch: UnsafeMutablePointer<Real>
    ) {
        self.program = program
        self.angles = angles
        self.instruments = instruments
        self.scratch = scratch
    }
}

/// Reverse of ``NoisyCompilationTask``: ∂L/∂θ from ∂L/∂S.
public struct NoisyPullbackTask<Real: BitwiseCopyable> {
    public var program: NoisyProgram<Real>
    public var angles: UnsafePointer<Real>
    /// As large as ``NoisyLayout/instrumentSize`` says.
    public var instrumentGradient: UnsafePointer<Real>
    /// `[parameter][64]`; added to.
    public var angleGradient: UnsafeMutablePointer<Real>
    public var scratch: UnsafeMutablePointer<Real>

    public init(
        program: NoisyProgram<Real>, angles: UnsafePointer<Real>, instrumentGradient: UnsafePointer<Real>,
        angleGradient: UnsafeMutablePointer<Real>, scratch: UnsafeMutablePointer<Real>
    ) {
        self.program = program
        self.angles = angles
        self.instrumentGradient = instrumentGradient
        self.angleGradient = angleGradient
        self.scratch = scratch
    }
}
