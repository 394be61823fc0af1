import KernelTasks

// Convolutions whose features are whole groups of sixteen, place by place: what a place's neurons have in common is read once, and their
// sums stay in registers.

extension ConvolutionShape {
    /// Calls `body` with every place of the postsynaptic plane.
    @inline(__always)
    fileprivate func forEachPlace(_ body: (_ y: Int, _ x: Int) -> Void) {
        for y in 0..<outputHeight {
            for x in 0..<outputWidth { body(y, x) }
        }
    }

    /// Calls `body` with the inputs that a place sees, neighbours together: the first, the first weight, how many. Ascending.
    @inline(__always)
    fileprivate func forEachStretch(
        y: Int, x: Int, _ body: (_ input: Int, _ weight: Int, _ count: Int) -> Void
    ) {
        let (top, left) = (y &* stride &- padding, x &* stride &- padding)
        let (firstColumn, endColumn) = (max(0, 0 &- left), min(kernelSize, width &- left))
        guard firstColumn < endColumn else { return }
        let count = (endColumn &- firstColumn) &* inputFeatures
        for row in max(0, 0 &- top)..<max(0, 0 &- top, min(kernelSize, height &- top)) {
            let input = ((top &+ row) &* width &+ left &+ firstColumn) &* inputFeatures
            let weight = (row &* kernelSize &+ firstColumn) &* inputFeatures &* features
            body(input, weight, count)
        }
    }
}

extension SynapseRunTask {
    /// Calls `body` with the features of a place that lie together in a tile, 64 or 16 of them: the first, and their elements in the
    /// first row.
    @inline(__always)
    fileprivate func forEachGroup(
        ofPlace place: Int, _ shape: ConvolutionShape,
        _ body: (_ feature: Int, _ isTile: Bool, _ elements: UnsafeMutablePointer<Float>) -> Void
    ) {
        var feature = 0
        while feature < shape.features {
            let neuron = place &* shape.features &+ feature
            let (tile, lane) = (neuron &>> 6, neuron & 63)
            let isTile = lane == 0 && shape.features &- feature >= tileWidth
            body(feature, isTile, postsynaptic + (tile &* postsynapticTileStride &+ lane))
            feature &+= isTile ? tileWidth : 16
        }
    }

    /// Calls `body` with the weights of every input that spiked in a row where a place sees it.
    @inline(__always)
    fileprivate func forEachSpike(
        _ shape: ConvolutionShape, y: Int, x: Int, row: Int, _ weights: UnsafePointer<Float>,
        _ body: (_ weights: UnsafePointer<Float>) -> Void
    ) {
        let words = spikes + row &* wordsPerRow
        shape.forEachStretch(y: y, x: x) { input, weight, count in
            var done = 0
            while done < count {
                var bits = words.bits(input &+ done, min(64, count &- done), stride: 1)
                let weights = weights + (weight &+ done &* shape.features)
                while bits != 0 {
                    body(weights + bits.trailingZeroBitCount &* shape.features)
                    bits &= bits &- 1
                }
                done &+= 64
            }
        }
    }

    /// Of each input, which of sixteen rows it spiked in: `[input]`.
    @inline(__always)
    fileprivate func markRows(_ rows: Range<Int>, _ marks: UnsafeMutablePointer<UInt16>) {
        for input in 0..<wordsPerRow &* 64 { marks[input] = 0 }
        for row in rows {
            forEachSpike(inRow: row) { marks[$0] |= 1 &<< UInt16(truncatingIfNeeded: row &- rows.lowerBound) }
        }
    }
}

extension CompiledKernels {
    /// currents += weights of the synapses of every spike (1).
    @inline(__always)
    static func addConvolution(
        _ task: SynapseRunTask, _ shape: ConvolutionShape, _ weights: UnsafePointer<Float>
    ) {
        shape.forEachPlace { y, x in
            task.forEachGroup(ofPlace: y &* shape.outputWidth &+ x, shape) { feature, isTile, elements in
                for row in 0..<task.rowCount {
                    let currents = elements + row &* task.rowStride
                    guard isTile else {
                        var sum = Group.load(currents)
                        task.forEachSpike(shape, y: y, x: x, row: row, weights + feature) {
                            sum = sum + Group.load($0)
                        }
                        sum.store(currents)
                        continue
                    }
                    var sums = TileSums(currents)
                    task.forEachSpike(shape, y: y, x: x, row: row, weights + feature) { sums.add($0) }
                    sums.store(currents)
                }
            }
        }
    }

    /// ∂L/∂w += ∂L/∂z of the synapses of every spike, sixteen rows at a time.
    @inline(__always)
    static func addConvolutionGradients(
        _ task: SynapseRunTask, _ shape: ConvolutionShape, _ gradient: UnsafeMutablePointer<Float>,
        _ scratch: UnsafeMutablePointer<Float>
    ) {
        let marks = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: UInt16.self)
        for first in stride(from: 0, to: task.rowCount, by: 16) {
            task.markRows(first..<min(first &+ 16, task.rowCount), marks)
            shape.forEachPlace { y, x in
                task.forEachGroup(ofPlace: y &* shape.outputWidth &+ x, shape) { feature, isTile, elements in
                    let errors = elements + first &* task.rowStride
                    shape.forEachStretch(y: y, x: x) { input, weight, count in
                        for index in 0..<count {
                            let rows = UInt64(marks[input &+ index])
                            if rows == 0 { continue }
                            let sums = gradient + (weight &+ index &* shape.features &+ feature)
                            add(errors, rows, task.rowStride, isTile, to: sums)
                        }
                    }
                }
            }
        }
    }

    /// Adds the errors of some rows.
    @inline(__always)
    private static func add(
        _ errors: UnsafePointer<Float>, _ rows: UInt64, _ rowStride: Int, _ isTile: Bool,
        to gradient: UnsafeMutablePointer<Float>
    ) {
        var rows = rows
        guard isTile else {
            var sum = Group()
            while rows != 0 {
                sum = sum + Group.load(errors + rows.trailingZeroBitCount &* rowStride)
                rows &= rows &- 1
            }
            return (Group.load(gradient) + sum).store(gradient)
        }
        var sums = TileSums()
        while rows != 0 {
            sums.add(errors + rows.trailingZeroBitCount &* rowStride)
            rows &= rows &- 1
        }
        sums.add(to: gradient)
    }
}

/// The numbers of a tile's neurons, in registers.
private struct TileSums {
    private var first: Group
    private var second: Group
    private var third: Group
    private var fourth: Group

    @inline(__always)
    init() { (first, second, third, fourth) = (Group(), Group(), Group(), Group()) }

    @inline(__always)
    init(_ numbers: UnsafePointer<Float>) {
        first = .load(numbers)
        second = .load(numbers + 16)
        third = .load(numbers + 32)
        fourth = .load(numbers + 48)
    }

    @inline(__always)
    mutating func add(_ numbers: UnsafePointer<Float>) {
        first = first + .load(numbers)
        second = second + .load(numbers + 16)
        third = third + .load(numbers + 32)
        fourth = fourth + .load(numbers + 48)
    }

    @inline(__always)
    func store(_ numbers: UnsafeMutablePointer<Float>) {
        first.store(numbers)
        second.store(numbers + 16)
        third.store(numbers + 32)
        fourth.store(numbers + 48)
    }

    /// Adds the sums to numbers in memory.
    @inline(__always)
    func add(to numbers: UnsafeMutablePointer<Float>) {
        var total = TileSums(numbers)
        total.first = total.first + first
        total.second = total.second + second
        total.third = total.third + third
        total.fourth = total.fourth + fourth
        total.store(numbers)
    }
}
