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

/// Rows of 64 numbers, single precision or fixed point, loaded in a given order and added up: the access pattern of one addition for each spike.
public struct RowStreamTask<Number, Sum> {
    /// `[row][64]`, on a cache line.
    public var rows: UnsafePointer<Number>
    public var order: UnsafePointer<UInt32>
    /// Rows to load: elements of `order`.
    public var count: Int
    /// `[64]`, on a cache line; added to.
    public var sums: UnsafeMutablePointer<Sum>

    public init(
        rows: UnsafePointer<Number>, order: UnsafePointer<UInt32>, count: Int,
        sums: UnsafeMutablePointer<Sum>
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
