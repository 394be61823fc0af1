import ComputeKernels

typealias Group = SIMD16<Float>

/// The four registers of one row of a tile.
struct TileRow {
    var first: Group
    var second: Group
    var third: Group
    var fourth: Group

    @inline(__always) init() { (first, second, third, fourth) = (Group(), Group(), Group(), Group()) }

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

extension Kernels {
    /// Event-driven currents: the cost follows the number of inputs that spiked. Patterns ascend, and inputs
    /// within a pattern, so the order of each sum depends on the sample alone.
    public static func addRows(_ task: RowAdditionTask) {
        for step in 0..<task.stepCount { TileRow().store(task.currents + step &* tileWidth) }
        let patternCount = 1 &<< task.stepCount
        for pattern in 1..<patternCount {
            var position = Int(task.starts[pattern])
            let end = Int(task.starts[pattern &+ 1])
            if position == end { continue }
            var sum = TileRow()
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

    /// Event-driven weight gradient over the transposed patterns. The errors of all patterns of a sample come
    /// from one addition each, so that every input adds one row a sample instead of one a spike.
    public static func addErrors(_ task: ErrorAdditionTask) {
        let patternCount = 1 &<< task.stepCount
        for sample in 0..<task.sampleCount {
            let errors = task.errors + sample &* task.sampleStride
            let table = task.patternErrors + sample &* patternCount &* tileWidth
            TileRow().store(table)
            for pattern in 1..<patternCount {
                var sum = TileRow(table + (pattern & (pattern &- 1)) &* tileWidth)
                sum.add(errors + pattern.trailingZeroBitCount &* tileWidth)
                sum.store(table + pattern &* tileWidth)
            }
        }
        for input in 0..<task.inputCount {
            var position = Int(task.positions[input])
            let end = Int(task.positions[input &+ 1])
            if position == end { continue }
            let gradient = task.gradient + input &* tileWidth
            var sum = TileRow(gradient)
            while position < end {
                sum.add(task.patternErrors + Int(task.entries[position]) &* tileWidth)
                position &+= 1
            }
            sum.store(gradient)
        }
    }

    /// Dense: errors are real numbers for every postsynaptic neuron. Four rows share each weight load.
    public static func propagateErrors(_ task: ErrorPropagationTask) {
        for group in stride(from: 0, to: tileWidth, by: 16) {
            var row = 0
            while row + 4 <= task.rowCount {
                propagateFourRows(task, from: row, group: group)
                row += 4
            }
            while row < task.rowCount {
                propagateRow(task, row, group: group)
                row += 1
            }
        }
    }

    @inline(__always)
    private static func propagateFourRows(_ task: ErrorPropagationTask, from row: Int, group: Int) {
        var (first, second, third, fourth) = (Group(), Group(), Group(), Group())
        for neuron in 0..<task.neuronCount {
            let weights = Group.load(task.weights + neuron &* tileWidth + group)
            let tile = (neuron &>> 6) &* task.batchRowCount &* tileWidth
            let errors = task.errors + tile + row &* tileWidth + (neuron & 63)
            first = first + weights * Group(all: errors[0])
            second = second + weights * Group(all: errors[tileWidth])
            third = third + weights * Group(all: errors[2 &* tileWidth])
            fourth = fourth + weights * Group(all: errors[3 &* tileWidth])
        }
        let target = task.spikeErrors + row &* tileWidth + group
        first.store(target)
        second.store(target + tileWidth)
        third.store(target + 2 &* tileWidth)
        fourth.store(target + 3 &* tileWidth)
    }

    @inline(__always)
    private static func propagateRow(_ task: ErrorPropagationTask, _ row: Int, group: Int) {
        var sum = Group()
        for neuron in 0..<task.neuronCount {
            let tile = (neuron &>> 6) &* task.batchRowCount &* tileWidth
            let error = task.errors[tile + row &* tileWidth + (neuron & 63)]
            sum = sum + Group.load(task.weights + neuron &* tileWidth + group) * Group(all: error)
        }
        sum.store(task.spikeErrors + row &* tileWidth + group)
    }
}
