import KernelTasks

/// The records of a block of samples of one group of noisy neurons, and what the group's maps do to them.
struct NoisyMachine<Vector: Lanes> {
    let shape: NeuronShape
    let layout: NoisyLayout
    private let records: UnsafeMutablePointer<Vector.Real>
    private let recordsPerSample: Int

    /// Columns of four rows of S that stay in the nearest cache while all samples use them.
    @inline(__always) private var columnBlock: Int { 64 }

    @inline(__always)
    init(
        _ shape: NeuronShape, _ layout: NoisyLayout, recordsPerSample: Int,
        scratch: UnsafeMutablePointer<Vector.Real>
    ) {
        self.shape = shape
        self.layout = layout
        self.recordsPerSample = recordsPerSample
        records = scratch
    }

    @inline(__always) func record(sample: Int, step: Int = 0) -> NoisyRecord<Vector> {
        let index = sample &* recordsPerSample &+ step
        return NoisyRecord(
            shape: shape, layout: layout, base: records + index &* layout.recordSize &* Vector.width)
    }

    /// What lies behind the records.
    @inline(__always) var rest: UnsafeMutablePointer<Vector.Real> {
        records + layout.samplesPerBlock &* recordsPerSample &* layout.recordSize &* Vector.width
    }

    /// S of a group of neurons, in a tile's maps or their gradient.
    @inline(__always) func place(ofGroup group: Int) -> Int {
        group &* layout.rowCount &* layout.columnCount &* Vector.width
    }

    /// Four rows from one that 4 divides; a neuron without memory has its two rows twice.
    @inline(__always) private func rows(_ row: Int) -> (Int, Int, Int, Int) {
        let last = layout.rowCount &- 1
        return (row, row &+ 1, (row &+ 2) & last, (row &+ 3) & last)
    }

    /// Four rows of a matrix.
    @inline(__always)
    private func entries(_ rows: (Int, Int, Int, Int), of matrix: UnsafePointer<Vector.Real>) -> (
        RealLanes<Vector>, RealLanes<Vector>, RealLanes<Vector>, RealLanes<Vector>
    ) {
        let base = UnsafeMutablePointer(mutating: matrix)
        let size = layout.columnCount &* Vector.width
        return (
            RealLanes(base: base + rows.0 &* size), RealLanes(base: base + rows.1 &* size),
            RealLanes(base: base + rows.2 &* size), RealLanes(base: base + rows.3 &* size)
        )
    }

    /// `after = S · before` for one step of some samples: four rows and two samples at a time, which are independent chains
    /// of additions. An odd last sample is computed twice.
    @inline(__always)
    func transform(_ maps: UnsafePointer<Vector.Real>, sampleCount: Int, step: Int = 0) {
        var row = 0
        while row < layout.rowCount {
            let rows = rows(row)
            let entries = entries(rows, of: maps)
            var begin = 0
            while begin < layout.columnCount {
                let end = min(begin &+ columnBlock, layout.columnCount)
                var sample = 0
                while sample < sampleCount {
                    let left = record(sample: sample, step: step)
                    let right = record(sample: min(sample &+ 1, sampleCount &- 1), step: step)
                    var (leftSums, rightSums) = (RowSums<Vector>(), RowSums<Vector>())
                    if begin > 0 {
                        leftSums = RowSums(left.after, rows)
                        rightSums = RowSums(right.after, rows)
                    }
                    let (leftStates, rightStates) = (left.before, right.before)
                    var column = begin
                    while column < end {
                        let factors = RowSums(entries, column)
                        leftSums.add(factors, times: leftStates[column])
                        rightSums.add(factors, times: rightStates[column])
                        column &+= 1
                    }
                    leftSums.store(left.after, rows)
                    rightSums.store(right.after, rows)
                    sample &+= 2
                }
                begin = end
            }
            row &+= 4
        }
    }

    /// `before adjoint = Sᵀ · after adjoint` for one step of some samples, two at a time.
    @inline(__always)
    func transformBack(
        _ maps: UnsafePointer<Vector.Real>, sampleCount: Int, step: Int,
        to target: (Int) -> RealLanes<Vector>
    ) {
        for sample in 0..<sampleCount {
            let target = target(sample)
            for column in 0..<layout.columnCount { target[column] = Vector(all: 0) }
        }
        var row = 0
        while row < layout.rowCount {
            let rows = rows(row)
            let entries = entries(rows, of: maps)
            var begin = 0
            while begin < layout.columnCount {
                let end = min(begin &+ columnBlock, layout.columnCount)
                var sample = 0
                while sample < sampleCount {
                    let next = min(sample &+ 1, sampleCount &- 1)
                    var leftErrors = RowSums(record(sample: sample, step: step).after, rows)
                    var rightErrors = RowSums(record(sample: next, step: step).after, rows)
                    if layout.rowCount < 4 {
                        // Rows that are there twice count once.
                        leftErrors.clearLastTwo()
                        rightErrors.clearLastTwo()
                    }
                    let (left, right) = (target(sample), target(next))
                    var column = begin
                    while column < end {
                        let factors = RowSums(entries, column)
                        let leftSum = leftErrors.product(factors, addedTo: left[column])
                        let rightSum = rightErrors.product(factors, addedTo: right[column])
                        left[column] = leftSum
                        right[column] = rightSum
                        column &+= 1
                    }
                    sample &+= 2
                }
                begin = end
            }
            row &+= 4
        }
    }

    /// Adds `after · beforeᵀ` of all steps of some samples to ∂L/∂S, a block of 4 × 2 entries after the other. An odd last
    /// column, and rows that are there twice, are computed twice and stored twice.
    @inline(__always)
    func addOuterProducts(
        sampleCount: Int, stepCount: Int, to gradient: UnsafeMutablePointer<Vector.Real>
    ) {
        var begin = 0
        while begin < layout.columnCount {
            let end = min(begin &+ columnBlock, layout.columnCount)
            var row = 0
            while row < layout.rowCount {
                let rows = rows(row)
                var column = begin
                while column < end {
                    addOuterProducts(
                        sampleCount: sampleCount, stepCount: stepCount, rows: rows,
                        columns: (column, min(column &+ 1, layout.columnCount &- 1)), to: gradient)
                    column &+= 2
                }
                row &+= 4
            }
            begin = end
        }
    }

    @inline(__always)
    private func addOuterProducts(
        sampleCount: Int, stepCount: Int, rows: (Int, Int, Int, Int), columns: (Int, Int),
        to gradient: UnsafeMutablePointer<Vector.Real>
    ) {
        let entries = entries(rows, of: gradient)
        var (lefts, rights) = (RowSums(entries, columns.0), RowSums(entries, columns.1))
        for sample in 0..<sampleCount {
            for step in 0..<stepCount {
                let record = record(sample: sample, step: step)
                let errors = RowSums(record.after, rows)
                lefts.add(errors, times: record.before[columns.0])
                rights.add(errors, times: record.before[columns.1])
            }
        }
        lefts.store(entries, columns.0)
        rights.store(entries, columns.1)
    }
}

/// One number of each of four rows.
private struct RowSums<Vector: Lanes> {
    private var first: Vector
    private var second: Vector
    private var third: Vector
    private var fourth: Vector

    @inline(__always) init() {
        first = Vector(all: 0)
        second = Vector(all: 0)
        third = Vector(all: 0)
        fourth = Vector(all: 0)
    }

    /// Entries of a vector.
    @inline(__always) init(_ values: RealLanes<Vector>, _ rows: (Int, Int, Int, Int)) {
        first = values[rows.0]
        second = values[rows.1]
        third = values[rows.2]
        fourth = values[rows.3]
    }

    /// Entries of a matrix, of which there are four rows.
    @inline(__always)
    init(
        _ rows: (RealLanes<Vector>, RealLanes<Vector>, RealLanes<Vector>, RealLanes<Vector>), _ column: Int
    ) {
        first = rows.0[column]
        second = rows.1[column]
        third = rows.2[column]
        fourth = rows.3[column]
    }

    @inline(__always) mutating func add(_ other: Self, times factor: Vector) {
        first = first + other.first * factor
        second = second + other.second * factor
        third = third + other.third * factor
        fourth = fourth + other.fourth * factor
    }

    /// `sum` + Σ over the rows of self · other.
    @inline(__always) func product(_ other: Self, addedTo sum: Vector) -> Vector {
        let upper = (sum + first * other.first) + second * other.second
        return (upper + third * other.third) + fourth * other.fourth
    }

    @inline(__always) mutating func clearLastTwo() {
        third = Vector(all: 0)
        fourth = Vector(all: 0)
    }

    @inline(__always) func store(_ values: RealLanes<Vector>, _ rows: (Int, Int, Int, Int)) {
        values[rows.0] = first
        values[rows.1] = second
        values[rows.2] = third
        values[rows.3] = fourth
    }

    @inline(__always)
    func store(
        _ rows: (RealLanes<Vector>, RealLanes<Vector>, RealLanes<Vector>, RealLanes<Vector>), _ column: Int
    ) {
        rows.0[column] = first
        rows.1[column] = second
        rows.2[column] = third
        rows.3[column] = fourth
    }
}
