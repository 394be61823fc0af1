import KernelTasks

/// What the reverse pass needs of one step of sixteen neurons, recomputed: eight registers of `scratch`.
private struct RealRecord {
    static var size: Int { RealGauge.adjointScratchPerStep }
    let base: UnsafeMutablePointer<Float>

    @inline(__always) subscript(_ index: Int) -> Group {
        get { Group.load(base + 16 &* index) }
        nonmutating set { newValue.store(base + 16 &* index) }
    }
}

/// ∂L/∂V of sixteen neurons, one row of the matrix each, in registers while a sample's steps go by.
private struct RealInstrumentGradient {
    var first: RealState
    var second: RealState
    var third: RealState
    var fourth: RealState

    @inline(__always) init(_ gradient: UnsafePointer<Float>) {
        first = Self.load(gradient)
        second = Self.load(gradient + 4 &* tileWidth)
        third = Self.load(gradient + 8 &* tileWidth)
        fourth = Self.load(gradient + 12 &* tileWidth)
    }

    @inline(__always) func store(_ gradient: UnsafeMutablePointer<Float>) {
        Self.store(first, gradient)
        Self.store(second, gradient + 4 &* tileWidth)
        Self.store(third, gradient + 8 &* tileWidth)
        Self.store(fourth, gradient + 12 &* tileWidth)
    }

    @inline(__always) mutating func addOuterProduct(_ adjoint: RealState, _ state: RealState) {
        Self.add(adjoint.first, state, to: &first)
        Self.add(adjoint.second, state, to: &second)
        Self.add(adjoint.third, state, to: &third)
        Self.add(adjoint.fourth, state, to: &fourth)
    }

    @inline(__always) private static func add(_ factor: Group, _ state: RealState, to row: inout RealState) {
        row.first = row.first + factor * state.first
        row.second = row.second + factor * state.second
        row.third = row.third + factor * state.third
        row.fourth = row.fourth + factor * state.fourth
    }

    @inline(__always) private static func load(_ row: UnsafePointer<Float>) -> RealState {
        RealState(
            first: Group.load(row), second: Group.load(row + tileWidth),
            third: Group.load(row + 2 &* tileWidth),
            fourth: Group.load(row + 3 &* tileWidth))
    }

    @inline(__always) private static func store(_ state: RealState, _ row: UnsafeMutablePointer<Float>) {
        state.first.store(row)
        state.second.store(row + tileWidth)
        state.third.store(row + 2 &* tileWidth)
        state.fourth.store(row + 3 &* tileWidth)
    }
}

extension CompiledKernels {
    /// Reverse of ``stepRealGauge(_:)``. The memory is recomputed forward into `scratch`, eight registers a step, then
    /// read backwards.
    public static func adjointRealGauge(_ task: NeuronAdjointTask<Float>) {
        let groups = (task.neuronCount + 15) / 16
        for sample in 0..<task.sampleCount {
            for group in 0..<groups {
                recomputeRealGroup(task, sample, group: group)
                reverseRealGroup(task, sample, group: group)
            }
        }
    }

    @inline(__always)
    private static func recomputeRealGroup(_ task: NeuronAdjointTask<Float>, _ sample: Int, group: Int) {
        let lane = 16 &* group
        let firstRow = sample &* task.rowStride
        let instrument = RealInstrument(entries: task.instruments + lane)
        let forgotten = Words(repeating: task.forgets ? ~0 : 0)
        var memory = RealMemory(task.memoryBefore, sample: sample, lane: lane)
        for step in 0..<task.stepCount {
            let row = firstRow &+ step
            let record = RealRecord(base: task.scratch + step &* RealRecord.size)
            let current = Group.load(task.currents + row &* tileWidth + lane)
            let (sine, cosine) = current.positivePart.sineCosineOfQuarterTurns
            let after = instrument.apply(memory.embedded(cosine: cosine, sine: sine))
            let spike = Group.mask(bits: task.spikes[row &* task.wordsPerRow] &>> UInt64(lane))
            let keptUpper = after.third.select(where: spike, otherwise: after.first)
            let keptLower = after.fourth.select(where: spike, otherwise: after.second)
            let (next, scale) = RealMemory.collapsed(keptUpper, keptLower)
            record[0] = memory.upper
            record[1] = memory.lower
            record[2] = memory.norm
            record[3] = cosine
            record[4] = sine
            record[5] = after.third
            record[6] = after.fourth
            record[7] = scale
            memory = next.cleared(where: forgotten)
        }
    }

    @inline(__always)
    private static func reverseRealGroup(_ task: NeuronAdjointTask<Float>, _ sample: Int, group: Int) {
        let lane = 16 &* group
        let firstRow = sample &* task.rowStride
        let instrument = RealInstrument(entries: task.instruments + lane)
        var gradient = RealInstrumentGradient(task.instrumentGradient + lane)
        // Adjoint of the memory after the step.
        let remembered = Words(repeating: task.forgets ? 0 : ~0)
        var adjointOfMemory = RealMemory(task.memoryErrors, sample: sample, lane: lane)
        if task.memoryErrors == nil { adjointOfMemory.upper = Group() }
        var upperAdjoint = adjointOfMemory.upper.keep(where: remembered)
        var lowerAdjoint = adjointOfMemory.lower.keep(where: remembered)
        // Not a stride: its iterator is a call, before which every register is saved.
        var step = task.stepCount
        while step > 0 {
            step &-= 1
            let row = firstRow &+ step
            let record = RealRecord(base: task.scratch + step &* RealRecord.size)
            let (upper, lower, cosine, sine) = (record[0], record[1], record[3], record[4])
            let (third, fourth, scale) = (record[5], record[6], record[7])
            let share = record[2].reciprocal
            let firing = (third * third + fourth * fourth) * share
            let spike = Group.mask(bits: task.spikes[row &* task.wordsPerRow] &>> UInt64(lane))

            // Through p = (v₂² + v₃²)/|m|².
            let errors = task.errors + row &* tileWidth + lane
            let adjointOfFiring = firingAdjoint(task, Group.load(errors), firing, row: row)
            let twice = (adjointOfFiring + adjointOfFiring) * share
            // Through the collapse: the memory after it is the kept half of v, scaled. What the scale depends on
            // does not matter, as nothing later depends on the length.
            let keptUpper = upperAdjoint * scale
            let keptLower = lowerAdjoint * scale
            let adjoint = RealState(
                first: keptUpper.keep(where: ~spike), second: keptLower.keep(where: ~spike),
                third: keptUpper.keep(where: spike) + twice * third,
                fourth: keptLower.keep(where: spike) + twice * fourth)

            var before = RealMemory()
            (before.upper, before.lower) = (upper, lower)
            gradient.addOuterProduct(adjoint, before.embedded(cosine: cosine, sine: sine))
            let turned = RealState(
                first: instrument.column(0, adjoint), second: instrument.column(1, adjoint),
                third: instrument.column(2, adjoint), fourth: instrument.column(3, adjoint))
            let stretch = twice * firing
            let upperTotal = cosine * turned.first + sine * turned.third - stretch * upper
            let lowerTotal = cosine * turned.second + sine * turned.fourth - stretch * lower
            upperAdjoint = upperTotal.keep(where: remembered)
            lowerAdjoint = lowerTotal.keep(where: remembered)

            // Through the embedding: half the rotation angle is π/2 · z.
            let upperTurn = cosine * turned.third - sine * turned.first
            let lowerTurn = cosine * turned.fourth - sine * turned.second
            let turnAdjoint = upper * upperTurn + lower * lowerTurn
            let isDriven = Group.isPositive(Group.load(task.currents + row &* tileWidth + lane))
            (turnAdjoint * Group(all: .pi / 2)).keep(where: isDriven).store(errors)
        }
        gradient.store(task.instrumentGradient + lane)
        (adjointOfMemory.upper, adjointOfMemory.lower) = (upperAdjoint, lowerAdjoint)
        adjointOfMemory.carry(to: task.memoryErrors, sample: sample, lane: lane)
    }
}
