import KernelTasks

/// The weights of one row's spike patterns for a group of neurons, and what the kernels of general and of noisy neurons
/// alike make of them: probabilities, spikes, and on the way back errors.
struct PatternWeights<Vector: Lanes> {
    let shape: NeuronShape
    /// p(s) · `total` of each pattern s; of pattern 0 not read.
    let weights: RealLanes<Vector>
    let total: Vector

    /// p(s^channel = 1 | history) · `total`
    @inline(__always) private func firingWeight(_ channel: Int) -> Vector {
        var sum = Vector(all: 0)
        for pattern in 1..<shape.patternCount where shape.isOne(pattern, channel) {
            sum = sum + weights[pattern]
        }
        return sum
    }

    /// Writes the firing probabilities where they are asked for.
    @inline(__always)
    func tellFiring(_ task: NeuronStepTask<Vector.Real>, row: Int, group: Int) {
        guard task.firingProbabilities != nil || task.rowSums != nil else { return }
        let lane = Vector.width &* group
        let share = total.reciprocal
        let exists = Vector.mask(bits: existingLanes(task.neuronCount, group, width: Vector.width))
        for channel in 0..<shape.ioQubits {
            let firing = firingWeight(channel) * share
            if let probabilities = task.firingProbabilities {
                firing.store(probabilities + channel &* task.channelStride + row &* tileWidth + lane)
            }
            if let sums = task.rowSums { addToRowSums(firing.keep(where: exists), sums + 32 &* row) }
        }
    }

    /// Makes the weights cumulative, for the inverse of the cumulative distribution: from the pattern of all ones
    /// downwards, so that a single channel fires where the random number is below its firing probability.
    @inline(__always) func accumulate() {
        var pattern = shape.patternCount &- 2
        while pattern > 0 {
            weights[pattern] = weights[pattern &+ 1] + weights[pattern]
            pattern &-= 1
        }
    }

    /// Lanes that draw a pattern from 1 upwards, or a higher one, which comes later; leaves their spikes in `marks`.
    @inline(__always)
    func draw(_ pattern: Int, below threshold: Vector, _ marks: RealLanes<Vector>) -> Vector.Bits {
        let isPattern = Vector.isLess(threshold, weights[pattern])
        for channel in 0..<shape.ioQubits {
            let mark = shape.isOne(pattern, channel) ? Vector.laneMarks : Vector(all: 0)
            marks[channel] = mark.select(where: isPattern, otherwise: marks[channel])
        }
        return isPattern
    }

    /// From ∂L/∂s of one row: of each pattern but 0, `slope` · ∂L/∂p; of 0, Σ_channels `slope` · ∂L/∂p · p.
    @inline(__always)
    func reverseFiring(
        _ task: NeuronAdjointTask<Vector.Real>, row: Int, lane: Int, slope: Vector,
        to patterns: RealLanes<Vector>
    ) {
        if task.surrogate == .recordedPattern {
            return reverseRecorded(task, row: row, lane: lane, slope: slope, to: patterns)
        }
        for pattern in 0..<shape.patternCount { patterns[pattern] = Vector(all: 0) }
        let share = total.reciprocal
        for channel in 0..<shape.ioQubits {
            let firing = firingWeight(channel) * share
            let error = Vector.load(task.errors + channel &* task.channelStride + row &* tileWidth + lane)
            let adjoint = firingAdjoint(task, error, firing, row: row) * slope
            for pattern in 1..<shape.patternCount where shape.isOne(pattern, channel) {
                patterns[pattern] = patterns[pattern] + adjoint
            }
            patterns[0] = patterns[0] + adjoint * firing
        }
    }

    /// The same from ∂L/∂p of the recorded pattern alone. Of p(0) = 1 − Σ p(s), every other pattern has a part.
    @inline(__always)
    private func reverseRecorded(
        _ task: NeuronAdjointTask<Vector.Real>, row: Int, lane: Int, slope: Vector,
        to patterns: RealLanes<Vector>
    ) {
        let words = task.spikes + row &* task.wordsPerRow
        let adjoint = Vector.load(task.errors + row &* tileWidth + lane) * slope
        let ofSilence = adjoint.keep(where: recorded(0, words, lane: lane, shape, Vector.self))
        let share = total.reciprocal
        patterns[0] = Vector(all: 0)
        for pattern in 1..<shape.patternCount {
            let isRecorded = recorded(pattern, words, lane: lane, shape, Vector.self)
            patterns[pattern] = adjoint.keep(where: isRecorded) - ofSilence
            patterns[0] = patterns[0] + patterns[pattern] * (weights[pattern] * share)
        }
    }
}

extension AmplitudeLanes {
    /// Collapse (7): the block of the pattern that each lane measured, out of one block a pattern.
    ///
    /// - Parameter isPattern: lanes that measured a pattern from 1 upwards, or a higher one, which comes later.
    @inline(__always)
    func takeBlock(
        of blocks: Self, size: Int, patternCount: Int, _ isPattern: (Int) -> Number.Vector.Bits
    ) {
        for index in 0..<size { self[index] = blocks[index] }
        var pattern = 1
        while pattern < patternCount {
            let mask = isPattern(pattern)
            for index in 0..<size {
                self[index] = blocks[pattern &* size &+ index].select(where: mask, otherwise: self[index])
            }
            pattern &+= 1
        }
    }
}

extension CompiledKernels {
    /// Draws the random words of a block of samples, and clears its spikes and sums.
    @inline(__always)
    static func beginBlock<Real: BinaryFloatingPoint>(
        _ task: NeuronStepTask<Real>, _ first: Int, count: Int
    ) {
        for sample in 0..<count {
            drawWords(of: first &+ sample, task, place: sample)
            let firstRow = (first &+ sample) &* task.rowStride
            for row in firstRow..<firstRow &+ task.stepCount {
                for channel in 0..<task.ioQubits { task.spikes[row &* task.wordsPerRow &+ channel] = 0 }
                if let sums = task.rowSums { clearRowSums(sums + 32 &* row) }
            }
        }
    }

    /// Adds the spikes of one sample of a group to the words of its tile. Each row and channel has 64 bytes of `marks`,
    /// which hold bit i in lane i where neuron i of the group fired.
    ///
    /// Packing them in the step itself would take single lanes out of a mask, and the optimiser would then compute
    /// everything before it lane by lane.
    @inline(never)
    static func mergeMarks<Real>(
        _ marks: UnsafeRawPointer, _ task: NeuronStepTask<Real>, sample: Int, lane: Int, existing: UInt64
    ) {
        let spikes = task.spikes + sample &* task.rowStride &* task.wordsPerRow
        for row in 0..<task.stepCount {
            for channel in 0..<task.ioQubits {
                let slot = marks + (row &* task.ioQubits &+ channel) &* 64
                let pairs = slot.loadUnaligned(as: Longs.self)
                let quarter = pairs.lowHalf | pairs.highHalf
                let eighth = quarter.lowHalf | quarter.highHalf
                let last = eighth[0] | eighth[1]
                spikes[row &* task.wordsPerRow &+ channel] |=
                    ((last | last &>> 32) & existing) &<< UInt64(lane)
            }
        }
    }
}
