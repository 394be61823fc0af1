/// Additions of registers to registers: what the vector units do when nothing has to be loaded.
public struct RegisterAdditionTask {
    public var roundCount: Int
    /// ``sumCount`` start values, all different, so that no two sums are one to the compiler; sums on return.
    public var sums: UnsafeMutablePointer<Float>

    /// Numbers that the widest level keeps in registers.
    public static var sumCount: Int { 128 }

    public init(roundCount: Int, sums: UnsafeMutablePointer<Float>) {
        self.roundCount = roundCount
        self.sums = sums
    }
}

/// Rows of 64 numbers loaded in a given order and added up: the access pattern of one addition for each spike.
public struct RowStreamTask {
    /// `[row][64]`, on a cache line.
    public var rows: UnsafePointer<Float>
    public var order: UnsafePointer<UInt32>
    /// Rows to load: elements of `order`.
    public var count: Int
    /// `[64]`, on a cache line; added to.
    public var sums: UnsafeMutablePointer<Float>

    public init(
        rows: UnsafePointer<Float>, order: UnsafePointer<UInt32>, count: Int,
        sums: UnsafeMutablePointer<Float>
    ) {
        self.rows = rows
        self.order = order
        self.count = count
        self.sums = sums
    }
}

/// The same with rows in fixed point, 128 bytes each.
public struct FixedRowStreamTask {
    /// `[row][64]`, on a cache line.
    public var rows: UnsafePointer<Int16>
    public var order: UnsafePointer<UInt32>
    /// Rows to load: elements of `order`.
    public var count: Int
    /// `[64]`; added to.
    public var sums: UnsafeMutablePointer<Int32>

    public init(
        rows: UnsafePointer<Int16>, order: UnsafePointer<UInt32>, count: Int,
        sums: UnsafeMutablePointer<Int32>
    ) {
        self.rows = rows
        self.order = order
        self.count = count
        self.sums = sums
    }
}

/// Three arrays read, changed and written side by side: the access pattern of an update by Adam.
public struct StreamUpdateTask {
    public var first: UnsafeMutablePointer<Float>
    public var second: UnsafeMutablePointer<Float>
    public var third: UnsafeMutablePointer<Float>
    /// Elements of each, a multiple of 16.
    public var count: Int

    public init(
        first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>,
        third: UnsafeMutablePointer<Float>, count: Int
    ) {
        self.first = first
        self.second = second
        self.third = third
        self.count = count
    }
}
