import KernelTasks

typealias Group = SIMD16<Float>

/// The columns of a row that one sum runs over, in registers.
protocol TilePart {
    init()
    init(_ row: UnsafePointer<Float>)
    mutating func add(_ row: UnsafePointer<Float>)
    func store(_ row: UnsafeMutablePointer<Float>)
}

/// All 64 columns of a tile.
struct TileRow: TilePart {
    var first = Group()
    var second = Group()
    var third = Group()
    var fourth = Group()

    @inline(__always) init() {}

    @inline(__always) init(_ row: UnsafePointer<Float>) {
        first = Group.load(row)
        second = Group.load(row + 16)
        third = Group.load(row + 32)
        fourth = Group.load(row + 48)
    }

    @inline(__always) mutating func add(_ row: UnsafePointer<Float>) {
        first = first + Group.load(row)
        second = second + Group.load(row + 16)
        third = third + Group.load(row + 32)
        fourth = fourth + Group.load(row + 48)
    }

    @inline(__always) func store(_ row: UnsafeMutablePointer<Float>) {
        first.store(row)
        second.store(row + 16)
        third.store(row + 32)
        fourth.store(row + 48)
    }
}

/// The first sixteen columns, all that a tile of few neurons has.
private struct FirstQuarter: TilePart {
    private var group = Group()

    @inline(__always) init() {}
    @inline(__always) init(_ row: UnsafePointer<Float>) { group = Group.load(row) }
    @inline(__always) mutating func add(_ row: UnsafePointer<Float>) { group = group + Group.load(row) }
    @inline(__always) func store(_ row: UnsafeMutablePointer<Float>) { group.store(row) }
}

extension CompiledKernels {
    public static func addRows(_ task: RowAdditionTask<Float>) {
        if task.neuronCount > 16 {
            addRows(task, TileRow.self)
        } else {
            addRows(task, FirstQuarter.self)
        }
    }

    /// Event-driven currents: the cost follows the number of inputs that spiked. Patterns ascend, and inputs
    /// within a pattern, so the order of each sum depends on the sample alone.
    @inline(__always)
    private static func addRows<Part: TilePart>(_ task: RowAdditionTask<Float>, _: Part.Type) {
        for step in 0..<task.stepCount { Part().store(task.currents + step &* tileWidth) }
        let patternCount = 1 &<< task.stepCount
        for pattern in 1..<patternCount {
            var position = Int(task.starts[pattern])
            let end = Int(task.starts[pattern &+ 1])
            if position == end { continue }
            var sum = Part()
            while position < end {
                sum.add(task.weights + Int(task.inputs[position]) &* tileWidth)
                position &+= 1
            }
            var steps = pattern
            while steps != 0 {
                let currents = task.currents + steps.trailingZeroBitCount &* tileWidth
                var total = sum
                total.add(currents)
                total.store(currents)
                steps &= steps &- 1
            }
        }
    }

    public static func addErrors(_ task: ErrorAdditionTask<Float, Float>) {
        if task.neuronCount > 16 {
            addErrors(task, TileRow.self)
        } else {
            addErrors(task, FirstQuarter.self)
        }
    }

    /// Event-driven weight gradient over the transposed patterns. The errors of a pattern come from those of the
    /// pattern without its first step by one addition, so that every input adds one row a sample instead of one a spike.
    @inline(__always)
    private static func addErrors<Part: TilePart>(_ task: ErrorAdditionTask<Float, Float>, _: Part.Type) {
        let patternCount = 1 &<< task.stepCount
        for sample in 0..<task.sampleCount {
            let errors = task.errors + sample &* task.sampleStride
            let table = task.patternErrors + sample &* patternCount &* tileWidth
            Part().store(table)
            var needed = task.needed[sample]
            while needed != 0 {
                let pattern = needed.trailingZeroBitCount
                needed &= needed &- 1
                var sum = Part(table + (pattern & (pattern &- 1)) &* tileWidth)
                sum.add(errors + pattern.trailingZeroBitCount &* tileWidth)
                sum.store(table + pattern &* tileWidth)
            }
        }
        for input in 0..<task.inputCount {
            var position = Int(task.positions[input])
            let end = Int(task.positions[input &+ 1])
            if position == end { continue }
            let gradient = task.gradient + input &* tileWidth
            var sum = Part(gradient)
            while position < end {
                sum.add(task.patternErrors + Int(task.entries[position]) &* tileWidth)
                position &+= 1
            }
            sum.store(gradient)
        }
    }

    /// Four rows share each load of columns, two registers each broadcast factor.
    public static func multiplyRows(_ task: DenseProductTask) {
        for group in stride(from: 0, to: tileWidth, by: 32) {
            var row = 0
            while row + 4 <= task.rowCount {
                multiplyFourRows(task, from: row, group: group)
                row += 4
            }
            while row < task.rowCount {
                multiplyRow(task, row, group: group)
                row += 1
            }
        }
    }

    @inline(__always)
    private static func multiplyFourRows(_ task: DenseProductTask, from row: Int, group: Int) {
        var (first, second, third, fourth) = (HalfRow(), HalfRow(), HalfRow(), HalfRow())
        var columns = task.columns + group
        let stride = task.rowStride &* tileWidth
        for tile in 0..<(task.termCount &+ 63) &>> 6 {
            let factors = task.factors + tile &* task.tileStride &* tileWidth + row &* stride
            for term in 0..<min(tileWidth, task.termCount &- tile &* tileWidth) {
                let (left, right) = (Group.load(columns), Group.load(columns + 16))
                first.add(left, right, times: factors[term])
                second.add(left, right, times: factors[stride &+ term])
                third.add(left, right, times: factors[2 &* stride &+ term])
                fourth.add(left, right, times: factors[3 &* stride &+ term])
                columns += tileWidth
            }
        }
        let target = task.products + row &* tileWidth + group
        first.store(target)
        second.store(target + tileWidth)
        third.store(target + 2 &* tileWidth)
        fourth.store(target + 3 &* tileWidth)
    }

    @inline(__always)
    private static func multiplyRow(_ task: DenseProductTask, _ row: Int, group: Int) {
        var sum = HalfRow()
        for term in 0..<task.termCount {
            let tile = (term &>> 6) &* task.tileStride &* tileWidth
            let factor = task.factors[tile + row &* task.rowStride &* tileWidth + (term & 63)]
            let columns = task.columns + term &* tileWidth + group
            sum.add(Group.load(columns), Group.load(columns + 16), times: factor)
        }
        sum.store(task.products + row &* tileWidth + group)
    }
}

/// Two registers of one row of a tile.
private struct HalfRow {
    private var left = Group()
    private var right = Group()

    @inline(__always) init() {}

    @inline(__always) mutating func add(_ first: Group, _ second: Group, times factor: Float) {
        let factors = Group(all: factor)
        left = left + first * factors
        right = right + second * factors
    }

    @inline(__always) func store(_ row: UnsafeMutablePointer<Float>) {
        left.store(row)
        right.store(row + 16)
    }
}
