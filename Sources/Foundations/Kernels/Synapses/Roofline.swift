import KernelTasks

// What the machine can do at best, measured with the vectors of this level. An addition takes four cycles and two
// start in each, so eight registers must be summed independently of each other; more would not fit beside the
// operands at the narrower levels.

extension TileRow {
    /// Adds one group to all four.
    @inline(__always) fileprivate mutating func add(all group: Group) {
        first = first + group
        second = second + group
        third = third + group
        fourth = fourth + group
    }

    /// Adds a row that begins on a cache line: unlike unaligned ones, such loads need no register at any level.
    @inline(__always) fileprivate mutating func add(aligned row: UnsafePointer<Float>) {
        let groups = UnsafeRawPointer(row)
        first = first + groups.load(as: Group.self)
        second = second + groups.load(fromByteOffset: 64, as: Group.self)
        third = third + groups.load(fromByteOffset: 128, as: Group.self)
        fourth = fourth + groups.load(fromByteOffset: 192, as: Group.self)
    }
}

extension CompiledKernels {
    /// - Returns: additions done.
    public static func addRegisters(_ task: RegisterAdditionTask) -> Int {
        let increment = Group(all: 0x1p-20)
        #if KERNELS_V4
            var lower = TileRow(task.sums)
            var upper = TileRow(task.sums + tileWidth)
            for _ in 0..<task.roundCount {
                lower.add(all: increment)
                upper.add(all: increment)
            }
            lower.store(task.sums)
            upper.store(task.sums + tileWidth)
            return task.roundCount &* 128
        #elseif KERNELS_V3 || arch(arm64)
            var sum = TileRow(task.sums)
            for _ in 0..<task.roundCount { sum.add(all: increment) }
            sum.store(task.sums)
            return task.roundCount &* 64
        #else
            var first = Group.load(task.sums)
            var second = Group.load(task.sums + 16)
            for _ in 0..<task.roundCount {
                first = first + increment
                second = second + increment
            }
            first.store(task.sums)
            second.store(task.sums + 16)
            return task.roundCount &* 32
        #endif
    }

    public static func addRowStream(_ task: RowStreamTask<Float, Float>) {
        var sum = TileRow(task.sums)
        var position = 0
        #if KERNELS_V4
            // One row is four registers here: two rows at a time make the eight.
            var other = TileRow()
            while position &+ 2 <= task.count {
                sum.add(aligned: task.rows + Int(task.order[position]) &* tileWidth)
                other.add(aligned: task.rows + Int(task.order[position &+ 1]) &* tileWidth)
                position &+= 2
            }
            sum.add(other)
        #endif
        while position < task.count {
            sum.add(aligned: task.rows + Int(task.order[position]) &* tileWidth)
            position &+= 1
        }
        sum.store(task.sums)
    }

    public static func addRowStream(_ task: RowStreamTask<Int16, Int32>) {
        var total = WideTile(task.sums)
        var position = 0
        while position < task.count {
            let end = min(task.count, position &+ FixedPoint.termsPerSum)
            var sum = FixedTile()
            while position < end {
                sum.add(task.rows + Int(task.order[position]) &* tileWidth)
                position &+= 1
            }
            total.add(sum.widened)
        }
        total.store(task.sums)
    }

    public static func updateStreams(_ task: StreamUpdateTask) {
        let increment = Group(all: 0x1p-20)
        for start in stride(from: 0, to: task.count, by: 16) {
            (Group.load(task.first + start) + increment).store(task.first + start)
            (Group.load(task.second + start) + increment).store(task.second + start)
            (Group.load(task.third + start) + increment).store(task.third + start)
        }
    }
}

#if KERNELS_V4
    extension TileRow {
        @inline(__always) fileprivate mutating func add(_ other: TileRow) {
            first = first + other.first
            second = second + other.second
            third = third + other.third
            fourth = fourth + other.fourth
        }
    }
#endif
