import KernelTasks

/// The adjoint variables of one sample between two steps.
private struct GeneralAdjoint<Number: Amplitude> {
    typealias Vector = Number.Vector

    let shape: NeuronShape
    let base: UnsafeMutablePointer<Vector.Real>

    @inline(__always) static func size(_ shape: NeuronShape) -> Int {
        let amplitudes = shape.memoryCount &+ shape.dimension
        return (amplitudes &* Number.partCount &+ shape.patternCount) &* Vector.width
    }

    /// ∂L/∂m of the memory after the step.
    @inline(__always) var memory: AmplitudeLanes<Number> { AmplitudeLanes(base: base) }
    /// ∂L/∂(a ⊗ m)
    @inline(__always) var before: AmplitudeLanes<Number> {
        AmplitudeLanes(base: base + shape.memoryCount &* Number.partCount &* Vector.width)
    }
    /// Of each pattern but 0, 2/‖m‖² · ∂L/∂p; of 0, what scales −m in ∂L/∂m. Later ∂L/∂a.
    @inline(__always) var patterns: RealLanes<Vector> {
        let amplitudes = shape.memoryCount &+ shape.dimension
        return RealLanes(base: base + amplitudes &* Number.partCount &* Vector.width)
    }

    @inline(__always) func forget() {
        for index in 0..<shape.memoryCount { memory[index] = Number.zero }
    }

    /// Begins with the adjoint of the memory after the last step: 0 where nothing follows.
    @inline(__always) func begin(_ errors: UnsafePointer<Vector.Real>?, sample: Int, group: Int) {
        guard let errors else { return forget() }
        let place = GeneralRecord<Number>.carriedPlace(shape, sample: sample, group: group)
        base.update(from: errors + place, count: shape.memoryCount &* Number.partCount &* Vector.width)
    }

    @inline(__always) func leave(_ errors: UnsafeMutablePointer<Vector.Real>?, sample: Int, group: Int) {
        guard let errors else { return }
        let place = GeneralRecord<Number>.carriedPlace(shape, sample: sample, group: group)
        (errors + place).update(from: base, count: shape.memoryCount &* Number.partCount &* Vector.width)
    }

    /// From the adjoints of the collapsed memory and of the pattern probabilities p(s) = ‖v_s‖²/‖m‖² to that of
    /// `after = V (a ⊗ m)`, which it replaces.
    ///
    /// The memory after the collapse is v_s of the recorded s, scaled. What the scale depends on does not matter, as
    /// nothing later depends on the length.
    @inline(__always)
    func reverseMeasurement(_ record: GeneralRecord<Number>, _ isRecorded: (Int) -> Vector.Bits) {
        let scale = record.scale
        for index in 0..<shape.memoryCount { memory[index] = memory[index].scaled(by: scale) }
        let isSilent = isRecorded(0)
        for index in 0..<shape.memoryCount { record.after[index] = memory[index].keep(where: isSilent) }
        var pattern = 1
        while pattern < shape.patternCount {
            let mask = isRecorded(pattern)
            let factor = patterns[pattern]
            for index in 0..<shape.memoryCount {
                let place = pattern &* shape.memoryCount &+ index
                record.after[place] =
                    record.after[place].scaled(by: factor) + memory[index].keep(where: mask)
            }
            pattern &+= 1
        }
    }

    /// From the adjoint of `a ⊗ m` to those of the memory and of the embedding.
    @inline(__always)
    func reverseEmbedding(_ record: GeneralRecord<Number>) {
        let stretch = patterns[0]
        for index in 0..<shape.memoryCount {
            memory[index] = Number.zero - record.memory[index].scaled(by: stretch)
        }
        for pattern in 0..<shape.patternCount {
            let factor = record.embedding[pattern]
            var embeddingAdjoint = Vector(all: 0)
            for index in 0..<shape.memoryCount {
                let adjoint = before[pattern &* shape.memoryCount &+ index]
                memory[index] = memory[index] + adjoint.scaled(by: factor)
                embeddingAdjoint = embeddingAdjoint + adjoint.overlap(record.memory[index])
            }
            patterns[pattern] = embeddingAdjoint
        }
    }

    /// ∂L/∂(half rotation angle) of one channel.
    @inline(__always)
    func turnAdjoint(_ channel: Int, _ turns: RealLanes<Vector>) -> Vector {
        var sum = Vector(all: 0)
        for pattern in 0..<shape.patternCount {
            var product = patterns[pattern]
            for other in 0..<shape.ioQubits {
                let isOne = shape.isOne(pattern, other)
                let (cosine, sine) = (turns[2 &* other], turns[2 &* other &+ 1])
                if other == channel {
                    product = product * (isOne ? cosine : Vector(all: 0) - sine)
                } else {
                    product = product * (isOne ? sine : cosine)
                }
            }
            sum = sum + product
        }
        return sum
    }
}

extension GeneralMachine {
    /// `before adjoint = V† · after adjoint` for one step of some samples, four columns of V at a time.
    @inline(__always)
    fileprivate func transformBack(
        sampleCount: Int, step: Int, to adjoint: (Int) -> GeneralAdjoint<Number>
    ) {
        let last = shape.dimension &- 1
        for column in stride(from: 0, to: shape.dimension, by: 4) {
            let columns = (column, column &+ 1, (column &+ 2) & last, (column &+ 3) & last)
            for sample in 0..<sampleCount {
                let after = record(sample: sample, step: step).after
                let value = after[0]
                var sums = (
                    instrument[columns.0].conjugateTimes(value), instrument[columns.1].conjugateTimes(value),
                    instrument[columns.2].conjugateTimes(value), instrument[columns.3].conjugateTimes(value)
                )
                var row = 1
                while row < shape.dimension {
                    let value = after[row]
                    let entries = instrument.advanced(by: row &* shape.dimension)
                    sums.0 = sums.0 + entries[columns.0].conjugateTimes(value)
                    sums.1 = sums.1 + entries[columns.1].conjugateTimes(value)
                    sums.2 = sums.2 + entries[columns.2].conjugateTimes(value)
                    sums.3 = sums.3 + entries[columns.3].conjugateTimes(value)
                    row &+= 1
                }
                let target = adjoint(sample).before
                target[columns.0] = sums.0
                target[columns.1] = sums.1
                target[columns.2] = sums.2
                target[columns.3] = sums.3
            }
        }
    }

    /// Adds `after · before†` of all steps of some samples to ∂L/∂V, a block of 2 × 2 entries after the other.
    @inline(__always)
    fileprivate func addOuterProducts(
        sampleCount: Int, stepCount: Int, to gradient: UnsafeMutablePointer<Vector.Real>
    ) {
        for row in stride(from: 0, to: shape.dimension, by: 2) {
            for column in stride(from: 0, to: shape.dimension, by: 2) {
                let rowSize = shape.dimension &* Number.partCount &* tileWidth
                let upper = gradient + row &* rowSize + column &* Number.partCount &* tileWidth
                let lower = upper + rowSize
                var upperLeft = Number.load(upper, stride: tileWidth)
                var upperRight = Number.load(upper + Number.partCount &* tileWidth, stride: tileWidth)
                var lowerLeft = Number.load(lower, stride: tileWidth)
                var lowerRight = Number.load(lower + Number.partCount &* tileWidth, stride: tileWidth)
                for sample in 0..<sampleCount {
                    for step in 0..<stepCount {
                        let record = record(sample: sample, step: step)
                        let (left, right) = (record.before[column], record.before[column &+ 1])
                        let (above, below) = (record.after[row], record.after[row &+ 1])
                        upperLeft = upperLeft + left.conjugateTimes(above)
                        upperRight = upperRight + right.conjugateTimes(above)
                        lowerLeft = lowerLeft + left.conjugateTimes(below)
                        lowerRight = lowerRight + right.conjugateTimes(below)
                    }
                }
                upperLeft.store(upper, stride: tileWidth)
                upperRight.store(upper + Number.partCount &* tileWidth, stride: tileWidth)
                lowerLeft.store(lower, stride: tileWidth)
                lowerRight.store(lower + Number.partCount &* tileWidth, stride: tileWidth)
            }
        }
    }
}

extension CompiledKernels {
    public static func adjointGeneral(_ task: NeuronAdjointTask<Float>) {
        adjointGeneral(task, ComplexAmplitude<Group>.self)
    }

    public static func adjointGeneral(_ task: NeuronAdjointTask<Double>) {
        adjointGeneral(task, ComplexAmplitude<SIMD8<Double>>.self)
    }

    public static func adjointGeneralRealGauge(_ task: NeuronAdjointTask<Float>) {
        adjointGeneral(task, RealAmplitude<Group>.self)
    }

    @inline(never)
    private static func adjointGeneral<Number: Amplitude>(
        _ task: NeuronAdjointTask<Number.Vector.Real>, _: Number.Type
    ) {
        // One record for each step, and one for the memory after the last.
        let machine = GeneralMachine<Number>(
            NeuronShape(task), recordsPerSample: task.stepCount &+ 1, scratch: task.scratch)
        let width = Number.Vector.width
        for group in 0..<(task.neuronCount &+ width &- 1) / width {
            machine.loadInstrument(task.instruments, lane: width &* group)
            var first = 0
            while first < task.sampleCount {
                let count = min(GeneralKernelLayout.samplesPerBlock, task.sampleCount &- first)
                recompute(task, machine, first, count: count, group: group)
                reverse(task, machine, first, count: count, group: group)
                machine.addOuterProducts(
                    sampleCount: count, stepCount: task.stepCount,
                    to: task.instrumentGradient + width &* group)
                first &+= count
            }
        }
    }

    /// Fills the records of a block of samples along the recorded spikes.
    @inline(__always)
    private static func recompute<Number: Amplitude>(
        _ task: NeuronAdjointTask<Number.Vector.Real>, _ machine: GeneralMachine<Number>,
        _ first: Int, count: Int, group: Int
    ) {
        let lane = Number.Vector.width &* group
        let firstRow = first &* task.rowStride
        for sample in 0..<count {
            machine.record(sample: sample).beginMemory(
                task.memoryBefore, sample: first &+ sample, group: group)
        }
        for step in 0..<task.stepCount {
            for sample in 0..<count {
                let row = firstRow &+ sample &* task.rowStride &+ step
                machine.record(sample: sample, step: step).embed(
                    task.currents + row &* tileWidth + lane, stride: task.channelStride)
            }
            machine.transform(sampleCount: count, step: step)
            for sample in 0..<count {
                let row = firstRow &+ sample &* task.rowStride &+ step
                let words = task.spikes + row &* task.wordsPerRow
                let next = machine.record(sample: sample, step: step &+ 1)
                machine.record(sample: sample, step: step).collapse(to: next) { pattern in
                    recorded(pattern, words, lane: lane, machine.shape, Number.Vector.self)
                }
                if task.forgets { next.resetMemory() }
            }
        }
    }

    /// Walks back through the records of a block of samples, leaving ∂L/∂(V (a ⊗ m)) in each.
    @inline(__always)
    private static func reverse<Number: Amplitude>(
        _ task: NeuronAdjointTask<Number.Vector.Real>, _ machine: GeneralMachine<Number>,
        _ first: Int, count: Int, group: Int
    ) {
        typealias Vector = Number.Vector
        let shape = machine.shape
        let lane = Vector.width &* group
        let firstRow = first &* task.rowStride
        let adjoints = machine.rest(sampleCount: GeneralKernelLayout.samplesPerBlock)
        let adjointSize = GeneralAdjoint<Number>.size(shape)
        for sample in 0..<count {
            let adjoint = GeneralAdjoint<Number>(shape: shape, base: adjoints + sample &* adjointSize)
            adjoint.begin(task.memoryErrors, sample: first &+ sample, group: group)
            if task.forgets { adjoint.forget() }
        }
        var step = task.stepCount &- 1
        while step >= 0 {
            for sample in 0..<count {
                let row = firstRow &+ sample &* task.rowStride &+ step
                let adjoint = GeneralAdjoint<Number>(
                    shape: shape, base: adjoints + sample &* adjointSize)
                let record = machine.record(sample: sample, step: step)
                reverseFiring(task, record, adjoint, row: row, lane: lane)
                let words = task.spikes + row &* task.wordsPerRow
                adjoint.reverseMeasurement(record) { pattern in
                    recorded(pattern, words, lane: lane, shape, Vector.self)
                }
            }
            machine.transformBack(sampleCount: count, step: step) { sample in
                GeneralAdjoint(shape: shape, base: adjoints + sample &* adjointSize)
            }
            for sample in 0..<count {
                let row = firstRow &+ sample &* task.rowStride &+ step
                let adjoint = GeneralAdjoint<Number>(
                    shape: shape, base: adjoints + sample &* adjointSize)
                let record = machine.record(sample: sample, step: step)
                adjoint.reverseEmbedding(record)
                for channel in 0..<shape.ioQubits {
                    let place = channel &* task.channelStride + row &* tileWidth + lane
                    let isDriven = Vector.isPositive(Vector.load(task.currents + place))
                    (adjoint.turnAdjoint(channel, record.turns) * Vector(all: .pi / 2))
                        .keep(where: isDriven).store(task.errors + place)
                }
                if task.forgets { adjoint.forget() }
            }
            step &-= 1
        }
        for sample in 0..<count {
            GeneralAdjoint<Number>(shape: shape, base: adjoints + sample &* adjointSize)
                .leave(task.memoryErrors, sample: first &+ sample, group: group)
        }
    }

    /// From ∂L/∂s of one row to ∂L/∂p of the patterns.
    @inline(__always)
    private static func reverseFiring<Number: Amplitude>(
        _ task: NeuronAdjointTask<Number.Vector.Real>, _ record: GeneralRecord<Number>,
        _ adjoint: GeneralAdjoint<Number>, row: Int, lane: Int
    ) {
        record.measure()
        // p = ‖v_s‖²/‖m‖², of which the derivative by v_s has a 2.
        let share = record.norm.reciprocal
        record.patternWeights.reverseFiring(
            task, row: row, lane: lane, slope: share + share, to: adjoint.patterns)
    }
}

/// Mask of the lanes whose recorded spikes are `pattern`; channel c is in `words[c]`, from bit `lane`.
@inline(__always)
func recorded<Vector: Lanes>(
    _ pattern: Int, _ words: UnsafePointer<UInt64>, lane: Int, _ shape: NeuronShape, _: Vector.Type
) -> Vector.Bits {
    var bits = ~UInt64(0)
    for channel in 0..<shape.ioQubits {
        bits &= shape.isOne(pattern, channel) ? words[channel] : ~words[channel]
    }
    return Vector.mask(bits: bits &>> UInt64(lane))
}
