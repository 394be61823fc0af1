/// Numbers of 16 bits for sums over synapses: integers q that stand for q / scale, where the scale is a power of two.
///
/// A row of 64 has its columns in pairs, so that 32-bit halves of a register are widened by shifts: of each 32 columns,
/// column c lies beside column c + 16.
public enum FixedPoint {
    /// Largest magnitude of a number that is a term of a sum: 12 bits with the sign.
    public static let largest: Float = 2047
    /// Terms that 16 bits can add up: 16 · 2047 = 32,752 < 2¹⁵. Sums of them are widened to 32 bits.
    public static let termsPerSum = 16

    /// Largest magnitude of a number of which so many are added up: with more terms than half a million, 2³⁰ / 2047, the
    /// numbers are smaller, so that a sum stays within 2³⁰.
    public static func largest(ofTerms count: Int) -> Float {
        min(largest, Float((0x1p30 / Double(count)).rounded(.down)))
    }

    /// The largest power of two by which no number up to a bound comes above a limit; NaN for a bound that is none.
    ///
    /// - Parameter limit: of the products, at least 1.
    public static func scale(bound: Float, limit: Float) -> Float {
        precondition(limit >= 1, "so many terms fit no memory")
        guard bound.isFinite else { return .nan }
        // Of 0 and of what is next to nothing anything is large enough, and its inverse has to be a normal number.
        guard bound > 0x1p-100 else { return 0x1p100 }
        let scale = Float(sign: .plus, exponent: limit.exponent - bound.exponent, significand: 1)
        return bound * scale <= limit ? scale : scale / 2
    }
}

/// The largest magnitude that a sum over some rows of a group can have, over groups and columns: that of the positive numbers or
/// of the negative ones, whichever is larger.
public struct LargestSumTask {
    /// Of the first group, `[row][64]`.
    public var rows: UnsafePointer<Float>
    public var rowsPerGroup: Int
    public var groupCount: Int
    /// Distance between two groups, in elements.
    public var groupStride: Int

    public init(rows: UnsafePointer<Float>, rowsPerGroup: Int, groupCount: Int, groupStride: Int) {
        self.rows = rows
        self.rowsPerGroup = rowsPerGroup
        self.groupCount = groupCount
        self.groupStride = groupStride
    }
}

/// Rows in fixed point, rounded to the nearest.
public struct FixedRowsTask {
    /// `[row][64]`
    public var rows: UnsafePointer<Float>
    public var rowCount: Int
    /// No number times the scale is beyond ±``FixedPoint/largest``.
    public var scale: Float
    /// `[row][64]`, columns in pairs.
    public var fixed: UnsafeMutablePointer<Int16>

    public init(
        rows: UnsafePointer<Float>, rowCount: Int, scale: Float, fixed: UnsafeMutablePointer<Int16>
    ) {
        self.rows = rows
        self.rowCount = rowCount
        self.scale = scale
        self.fixed = fixed
    }
}

/// ``RowAdditionTask`` with weights in fixed point. The sums are exact, so that their order is of no account.
public struct FixedRowAdditionTask {
    /// `[input][64]`, columns in pairs.
    public var weights: UnsafePointer<Int16>
    /// What one stands for.
    public var unit: Float
    /// Of the sample and block, from ``PatternListingTask``.
    public var starts: UnsafePointer<UInt32>
    public var inputs: UnsafePointer<UInt16>
    /// Steps of the block, at most 5.
    public var stepCount: Int
    /// Neurons of the tile: with 32 or fewer, the other columns are left out.
    public var neuronCount: Int
    /// `[step][64]`
    public var currents: UnsafeMutablePointer<Float>

    public init(
        weights: UnsafePointer<Int16>, unit: Float, starts: UnsafePointer<UInt32>,
        inputs: UnsafePointer<UInt16>, stepCount: Int, neuronCount: Int,
        currents: UnsafeMutablePointer<Float>
    ) {
        self.weights = weights
        self.unit = unit
        self.starts = starts
        self.inputs = inputs
        self.stepCount = stepCount
        self.neuronCount = neuronCount
        self.currents = currents
    }
}

/// ``ErrorAdditionTask`` in fixed point: errors are rounded to 16 bits step by step, those of a pattern are their sums.
public struct FixedErrorAdditionTask {
    /// Of the first sample's first step in the block, `[step][64]`.
    public var errors: UnsafePointer<Float>
    /// Under which no sum over the steps of a pattern, rounded step by step, is beyond ±``FixedPoint/largest``.
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
    /// Neurons of the tile: with 32 or fewer, the other columns are left out.
    public var neuronCount: Int
    /// Working memory for the errors of the patterns, `[sample][2^L][64]`.
    public var patternErrors: UnsafeMutablePointer<Int16>
    /// `[input][64]`; added to.
    public var gradient: UnsafeMutablePointer<Int32>

    public init(
        errors: UnsafePointer<Float>, scale: Float, sampleStride: Int, sampleCount: Int, stepCount: Int,
        needed: UnsafePointer<UInt32>, positions: UnsafePointer<UInt32>, entries: UnsafePointer<UInt16>,
        inputCount: Int, neuronCount: Int, patternErrors: UnsafeMutablePointer<Int16>,
        gradient: UnsafeMutablePointer<Int32>
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

/// Whole numbers in place of which the numbers that they stand for are written.
public struct FixedSumsTask {
    /// A multiple of 16 of them.
    public var sums: UnsafeMutablePointer<Int32>
    public var count: Int
    /// What one stands for.
    public var unit: Float

    public init(sums: UnsafeMutablePointer<Int32>, count: Int, unit: Float) {
        self.sums = sums
        self.count = count
        self.unit = unit
    }
}
