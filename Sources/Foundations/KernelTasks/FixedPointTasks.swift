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
