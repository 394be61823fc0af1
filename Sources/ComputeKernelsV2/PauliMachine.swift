import ComputeKernels

/// The maps of one group of noisy neurons, and the records of a block of samples.
struct PauliMachine<Vector: Lanes> {
    let shape: NeuronShape
    let layout: PauliLayout
    /// S in one piece: in a tile the entries of one group lie so far apart that they share cache sets.
    private let maps: RealLanes<Vector>
    private let records: UnsafeMutablePointer<Vector.Real>
    private let recordsPerSample: Int

    /// Columns of four rows of S that stay in the nearest cache while all samples use them.
    @inline(__always) private var columnBlock: Int { 64 }

    @inline(__always)
    init(
        _ shape: NeuronShape, _ layout: PauliLayout, recordsPerSample: Int,
        scratch: UnsafeMutablePointer<Vector.Real>
    ) {
        self.shape = shape
        self.layout = layout
        self.recordsPerSample = recordsPerSample
        maps = RealLanes(base: scratch)
        records = scratch + layout.rowCount &* layout.columnCount &* Vector.width
    }

    @inline(__always) func record(sample: Int, step: Int = 0) -> PauliRecord<Vector> {
        let index = sample &* recordsPerSample &+ step
        return PauliRecord(
            shape: shape, layout: layout, base: records + index &* layout.recordSize &* Vector.width)
    }

    /// What lies behind the records.
    @inline(__always) var rest: UnsafeMutablePointer<Vector.Real> {
        records + layout.samplesPerBlock &* recordsPerSample &* layout.recordSize &* Vector.width
    }

    /// Takes the maps of the group that begins at `lane` out of their tile.
    @inline(__always) func loadMaps(_ tile: UnsafePointer<Vector.Real>, lane: Int) {
        for entry in 0..<layout.rowCount &* layout.columnCount {
            maps[entry] = Vector.load(tile + entry &* tileWidth + lane)
        }
    }

    /// Row of S from a column onward.
    @inline(__always) private func entries(_ row: Int) -> RealLanes<Vector> {
        RealLanes(base: maps.base + row &* layout.columnCount &* Vector.width)
    }

    /// Four rows from one that 4 divides; a neuron without memory has its two rows twice.
    @inline(__always) private func rows(_ row: Int) -> (Int, Int, Int, Int) {
        let last = layout.rowCount &- 1
        return (row, row &+ 1, (row &+ 2) & last, (row &+ 3) & last)
    }

    /// `after = S · before` for one step of some samples: four rows at a time, which are independent chains of additions.
    @inline(__always) func transform(sampleCount: Int, step: Int = 0) {
        var row = 0
        while row < layout.rowCount {
            let rows = rows(row)
            let (first, second) = (entries(rows.0), entries(rows.1))
            let (third, fourth) = (entries(rows.2), entries(rows.3))
            var begin = 0
            while begin < layout.columnCount {
                let end = min(begin &+ columnBlock, layout.columnCount)
                for sample in 0..<sampleCount {
                    let record = record(sample: sample, step: step)
                    let (before, after) = (record.before, record.after)
                    let state = before[begin]
                    var sums = (
                        first[begin] * state, second[begin] * state, third[begin] * state,
                        fourth[begin] * state
                    )
                    if begin > 0 {
                        sums.0 = after[rows.0] + sums.0
                        sums.1 = after[rows.1] + sums.1
                        sums.2 = after[rows.2] + sums.2
                        sums.3 = after[rows.3] + sums.3
                    }
                    var column = begin &+ 1
                    while column < end {
                        let state = before[column]
                        sums.0 = sums.0 + first[column] * state
                        sums.1 = sums.1 + second[column] * state
                        sums.2 = sums.2 + third[column] * state
                        sums.3 = sums.3 + fourth[column] * state
                        column &+= 1
                    }
                    after[rows.0] = sums.0
                    after[rows.1] = sums.1
                    after[rows.2] = sums.2
                    after[rows.3] = sums.3
                }
                begin = end
            }
            row &+= 4
        }
    }

    /// `before adjoint = Sᵀ · after adjoint` for one step of some samples.
    @inline(__always)
    func transformBack(sampleCount: Int, step: Int, to target: (Int) -> RealLanes<Vector>) {
        for sample in 0..<sampleCount {
            let target = target(sample)
            for column in 0..<layout.columnCount { target[column] = Vector(all: 0) }
        }
        // Rows that are there twice count once.
        let share = Vector(all: layout.rowCount < 4 ? 0 : 1)
        var row = 0
        while row < layout.rowCount {
            let rows = rows(row)
            let (first, second) = (entries(rows.0), entries(rows.1))
            let (third, fourth) = (entries(rows.2), entries(rows.3))
            var begin = 0
            while begin < layout.columnCount {
                let end = min(begin &+ columnBlock, layout.columnCount)
                for sample in 0..<sampleCount {
                    let after = record(sample: sample, step: step).after
                    let target = target(sample)
                    let values = (
                        after[rows.0], after[rows.1], after[rows.2] * share, after[rows.3] * share
                    )
                    var column = begin
                    while column < end {
                        var sum = target[column] + first[column] * values.0
                        sum = sum + second[column] * values.1
                        sum = sum + third[column] * values.2
                        target[column] = sum + fourth[column] * values.3
                        column &+= 1
                    }
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
        let (first, second) = (rowOf(gradient, rows.0), rowOf(gradient, rows.1))
        let (third, fourth) = (rowOf(gradient, rows.2), rowOf(gradient, rows.3))
        let (left, right) = (columns.0 &* tileWidth, columns.1 &* tileWidth)
        var lefts = (
            Vector.load(first + left), Vector.load(second + left), Vector.load(third + left),
            Vector.load(fourth + left)
        )
        var rights = (
            Vector.load(first + right), Vector.load(second + right), Vector.load(third + right),
            Vector.load(fourth + right)
        )
        for sample in 0..<sampleCount {
            for step in 0..<stepCount {
                let record = record(sample: sample, step: step)
                let (leftState, rightState) = (record.before[columns.0], record.before[columns.1])
                let after = record.after
                let values = (after[rows.0], after[rows.1], after[rows.2], after[rows.3])
                lefts.0 = lefts.0 + values.0 * leftState
                lefts.1 = lefts.1 + values.1 * leftState
                lefts.2 = lefts.2 + values.2 * leftState
                lefts.3 = lefts.3 + values.3 * leftState
                rights.0 = rights.0 + values.0 * rightState
                rights.1 = rights.1 + values.1 * rightState
                rights.2 = rights.2 + values.2 * rightState
                rights.3 = rights.3 + values.3 * rightState
            }
        }
        lefts.0.store(first + left)
        lefts.1.store(second + left)
        lefts.2.store(third + left)
        lefts.3.store(fourth + left)
        rights.0.store(first + right)
        rights.1.store(second + right)
        rights.2.store(third + right)
        rights.3.store(fourth + right)
    }

    @inline(__always)
    private func rowOf(
        _ gradient: UnsafeMutablePointer<Vector.Real>, _ row: Int
    ) -> UnsafeMutablePointer<Vector.Real> { gradient + row &* layout.columnCount &* tileWidth }
}
