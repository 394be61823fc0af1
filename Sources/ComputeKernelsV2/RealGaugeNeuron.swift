import ComputeKernels

/// The real 4×4 matrix of sixteen neurons, entry `4·row + column`; rows and columns are numbered
/// 2·(input-output qubit) + (memory qubit).
private struct RealInstrument {
    let entries: UnsafePointer<Float>

    @inline(__always) func entry(_ index: Int) -> Group { Group.load(entries + index &* tileWidth) }

    /// One row of the matrix times the state (c m₀, c m₁, s m₀, s m₁).
    @inline(__always) func row(_ row: Int, _ state: RealState) -> Group {
        let upper = entry(4 &* row) * state.first + entry(4 &* row + 1) * state.second
        let lower = entry(4 &* row + 2) * state.third + entry(4 &* row + 3) * state.fourth
        return upper + lower
    }

    @inline(__always) func apply(_ state: RealState) -> RealState {
        RealState(
            first: row(0, state), second: row(1, state), third: row(2, state), fourth: row(3, state))
    }

    /// One column of the matrix times a row vector.
    @inline(__always) func column(_ column: Int, _ state: RealState) -> Group {
        let upper = entry(column) * state.first + entry(4 + column) * state.second
        let lower = entry(8 + column) * state.third + entry(12 + column) * state.fourth
        return upper + lower
    }
}

private struct RealState {
    var first: Group
    var second: Group
    var third: Group
    var fourth: Group
}

extension Kernels {
    /// Equations (4)–(8) for one input-output and one memory qubit whose circuit is real in the gauge
    /// (−i)^{ones}: the memory is a real unit vector (m₀, m₁).
    public static func stepRealGauge(_ task: NeuronStepTask<Float>) {
        let groups = (task.neuronCount + 15) / 16
        for sample in 0..<task.sampleCount {
            drawWords(of: sample, task)
            let firstRow = sample &* task.stepCount
            if let sums = task.rowSums {
                for row in firstRow..<firstRow &+ task.stepCount { clearRowSums(sums + 32 &* row) }
            }
            for group in 0..<groups { stepRealGroup(task, firstRow: firstRow, group: group) }
            packSpikes(
                task.randomWords, stepCount: task.stepCount, neuronCount: task.neuronCount,
                to: task.spikes + firstRow &* task.wordsPerRow, wordsPerRow: task.wordsPerRow)
        }
    }

    @inline(__always)
    private static func stepRealGroup(_ task: NeuronStepTask<Float>, firstRow: Int, group: Int) {
        let lane = 16 &* group
        let instrument = RealInstrument(entries: task.instruments + lane)
        let exists = existingLanes(task.neuronCount, group)
        // A mask, not a branch: with a branch in the loop the optimiser splits the registers into lanes.
        let forgotten = Words(repeating: task.forgets ? ~0 : 0)
        var (upper, lower) = (Group(all: 1), Group())
        for step in 0..<task.stepCount {
            let row = firstRow &+ step
            let current = Group.load(task.currents + row &* tileWidth + lane)
            let (sine, cosine) = current.positivePart.sineCosineOfQuarterTurns
            let after = instrument.apply(
                RealState(
                    first: cosine * upper, second: cosine * lower, third: sine * upper,
                    fourth: sine * lower))
            let firing = after.third * after.third + after.fourth * after.fourth
            let random = task.randomWords + step &* tileWidth + lane
            let spike = Group.isLess(Group.uniform(random), firing)
            markSpikes(spike, random)
            if let probabilities = task.firingProbabilities {
                firing.store(probabilities + row &* tileWidth + lane)
            }
            if let sums = task.rowSums {
                let counted = firing.keep(where: Group.mask(bits: exists))
                addToRowSums(counted, sums + 32 &* row)
            }
            let keptUpper = after.third.select(where: spike, otherwise: after.first)
            let keptLower = after.fourth.select(where: spike, otherwise: after.second)
            let norm = (keptUpper * keptUpper + keptLower * keptLower).inverseSquareRoot
            upper = Group(all: 1).select(where: forgotten, otherwise: keptUpper * norm)
            lower = Group().select(where: forgotten, otherwise: keptLower * norm)
        }
    }

    /// Reverse of ``stepRealGauge(_:)``. The memory before each step and the embedding's sine and cosine
    /// are recomputed into `scratch`, `[step][m₀, m₁, cosine, sine][16]`, then read backwards.
    public static func adjointRealGauge(_ task: NeuronAdjointTask<Float>) {
        let groups = (task.neuronCount + 15) / 16
        for sample in 0..<task.sampleCount {
            for group in 0..<groups {
                recomputeRealGroup(task, firstRow: sample &* task.stepCount, group: group)
                reverseRealGroup(task, firstRow: sample &* task.stepCount, group: group)
            }
        }
    }

    @inline(__always)
    private static func recomputeRealGroup(_ task: NeuronAdjointTask<Float>, firstRow: Int, group: Int) {
        let lane = 16 &* group
        let instrument = RealInstrument(entries: task.instruments + lane)
        let forgotten = Words(repeating: task.forgets ? ~0 : 0)
        var (upper, lower) = (Group(all: 1), Group())
        for step in 0..<task.stepCount {
            let row = firstRow &+ step
            let record = task.scratch + step &* 64
            let current = Group.load(task.currents + row &* tileWidth + lane)
            let (sine, cosine) = current.positivePart.sineCosineOfQuarterTurns
            upper.store(record)
            lower.store(record + 16)
            cosine.store(record + 32)
            sine.store(record + 48)
            let before = RealState(
                first: cosine * upper, second: cosine * lower, third: sine * upper, fourth: sine * lower)
            let after = instrument.apply(before)
            let spike = Group.mask(bits: task.spikes[row &* task.wordsPerRow] &>> UInt64(lane))
            let keptUpper = after.third.select(where: spike, otherwise: after.first)
            let keptLower = after.fourth.select(where: spike, otherwise: after.second)
            let norm = (keptUpper * keptUpper + keptLower * keptLower).inverseSquareRoot
            upper = Group(all: 1).select(where: forgotten, otherwise: keptUpper * norm)
            lower = Group().select(where: forgotten, otherwise: keptLower * norm)
        }
    }

    @inline(__always)
    private static func reverseRealGroup(_ task: NeuronAdjointTask<Float>, firstRow: Int, group: Int) {
        let lane = 16 &* group
        let instrument = RealInstrument(entries: task.instruments + lane)
        let gradient = task.instrumentGradient + lane
        // Adjoint of the memory after the step.
        let forgotten = Words(repeating: task.forgets ? ~0 : 0)
        var (upperAdjoint, lowerAdjoint) = (Group(), Group())
        for step in stride(from: task.stepCount - 1, through: 0, by: -1) {
            let row = firstRow &+ step
            let record = task.scratch + step &* 64
            let upper = Group.load(record)
            let lower = Group.load(record + 16)
            let cosine = Group.load(record + 32)
            let sine = Group.load(record + 48)
            let before = RealState(
                first: cosine * upper, second: cosine * lower, third: sine * upper, fourth: sine * lower)
            let after = instrument.apply(before)
            let spike = Group.mask(bits: task.spikes[row &* task.wordsPerRow] &>> UInt64(lane))
            let firing = after.third * after.third + after.fourth * after.fourth

            // Through the collapse: m′ = v_s/|v_s|.
            let keptUpper = after.third.select(where: spike, otherwise: after.first)
            let keptLower = after.fourth.select(where: spike, otherwise: after.second)
            let norm = (keptUpper * keptUpper + keptLower * keptLower).inverseSquareRoot
            let nextUpper = keptUpper * norm
            let nextLower = keptLower * norm
            let along = upperAdjoint * nextUpper + lowerAdjoint * nextLower
            let keptUpperAdjoint = (upperAdjoint - along * nextUpper) * norm
            let keptLowerAdjoint = (lowerAdjoint - along * nextLower) * norm

            // Through p = v₂² + v₃².
            let errors = task.errors + row &* tileWidth + lane
            var firingAdjoint = Group.load(errors) * surrogate(task.surrogate, firing)
            if let factors = task.regulariser {
                firingAdjoint =
                    firingAdjoint + Group(all: factors[2 &* row])
                    - Group(all: factors[2 &* row &+ 1]) * firing
            }
            let twice = firingAdjoint + firingAdjoint
            let zero = Group()
            let adjoint = RealState(
                first: zero.select(where: spike, otherwise: keptUpperAdjoint),
                second: zero.select(where: spike, otherwise: keptLowerAdjoint),
                third: keptUpperAdjoint.keep(where: spike) + twice * after.third,
                fourth: keptLowerAdjoint.keep(where: spike) + twice * after.fourth)

            addOuterProduct(adjoint, before, to: gradient)
            let first = instrument.column(0, adjoint)
            let second = instrument.column(1, adjoint)
            let third = instrument.column(2, adjoint)
            let fourth = instrument.column(3, adjoint)
            upperAdjoint = zero.select(where: forgotten, otherwise: cosine * first + sine * third)
            lowerAdjoint = zero.select(where: forgotten, otherwise: cosine * second + sine * fourth)

            // Through the embedding: half the rotation angle is π/2 · z.
            let cosineAdjoint = upper * first + lower * second
            let sineAdjoint = upper * third + lower * fourth
            let turnAdjoint = cosine * sineAdjoint - sine * cosineAdjoint
            let isDriven = Group.isPositive(Group.load(task.currents + row &* tileWidth + lane))
            (turnAdjoint * Group(all: .pi / 2)).keep(where: isDriven).store(errors)
        }
    }

    @inline(__always)
    private static func addOuterProduct(
        _ adjoint: RealState, _ state: RealState, to gradient: UnsafeMutablePointer<Float>
    ) {
        addRow(adjoint.first, state, to: gradient)
        addRow(adjoint.second, state, to: gradient + 4 &* tileWidth)
        addRow(adjoint.third, state, to: gradient + 8 &* tileWidth)
        addRow(adjoint.fourth, state, to: gradient + 12 &* tileWidth)
    }

    @inline(__always)
    private static func addRow(
        _ factor: Group, _ state: RealState, to row: UnsafeMutablePointer<Float>
    ) {
        (Group.load(row) + factor * state.first).store(row)
        (Group.load(row + tileWidth) + factor * state.second).store(row + tileWidth)
        (Group.load(row + 2 &* tileWidth) + factor * state.third).store(row + 2 &* tileWidth)
        (Group.load(row + 3 &* tileWidth) + factor * state.fourth).store(row + 3 &* tileWidth)
    }
}

/// Leaves the spikes of a group in place of its random words, bit i in lane i, for ``packSpikes``.
///
/// Packing them at once would take single lanes out of the mask, and the optimiser would then compute
/// everything before it lane by lane; a detour through memory keeps the step in whole registers.
@inline(__always)
func markSpikes(_ spikes: Words, _ words: UnsafeMutablePointer<UInt32>) {
    UnsafeMutableRawPointer(words).storeBytes(of: spikes & Group.laneBits, as: Words.self)
}

/// One word a step from the lanes that ``markSpikes(_:_:)`` left, `[step][64]`.
@inline(never)
func packSpikes(
    _ marks: UnsafePointer<UInt32>, stepCount: Int, neuronCount: Int, to spikes: UnsafeMutablePointer<UInt64>,
    wordsPerRow: Int
) {
    for step in 0..<stepCount {
        var word: UInt64 = 0
        for lane in stride(from: 0, to: neuronCount, by: 16) {
            let address = UnsafeRawPointer(marks + step &* tileWidth + lane)
            let pairs = address.loadUnaligned(as: Longs.self)
            let upper = (pairs[0] | pairs[1]) | (pairs[2] | pairs[3])
            let lower = (pairs[4] | pairs[5]) | (pairs[6] | pairs[7])
            let bits = ((upper | lower) | (upper | lower) &>> 32) & 0xFFFF
            word |= bits &<< UInt64(lane)
        }
        if neuronCount < tileWidth { word &= (UInt64(1) &<< UInt64(neuronCount)) &- 1 }
        spikes[step &* wordsPerRow] = word
    }
}

/// Sets the lane-wise sums of one row, `[2][16]`, to 0.
@inline(__always)
func clearRowSums<Real: BinaryFloatingPoint>(_ sums: UnsafeMutablePointer<Real>) {
    for lane in 0..<32 { sums[lane] = 0 }
}

/// Adds p and p² to the lane-wise sums of one row, `[2][16]`.
@inline(__always)
func addToRowSums<Vector: Lanes>(_ firing: Vector, _ sums: UnsafeMutablePointer<Vector.Real>) {
    (Vector.load(sums) + firing).store(sums)
    (Vector.load(sums + 16) + firing * firing).store(sums + 16)
}

/// Bits of the neurons of a group of `16` that exist.
@inline(__always)
func existingLanes(_ neuronCount: Int, _ group: Int, width: Int = 16) -> UInt64 {
    let existing = min(max(neuronCount - width * group, 0), width)
    return (UInt64(1) &<< UInt64(existing)) &- 1
}

/// The factor that stands for ∂s/∂p.
@inline(__always)
func surrogate<Vector: Lanes>(_ kind: SurrogateKind, _ firing: Vector) -> Vector {
    let one = Vector(all: 1)
    switch kind {
    case .straightThrough: return one
    case .bernoulliVariance: return firing * (one - firing)
    case .sigmoidDerivative:
        // σ′(p) = (1 − tanh²(p/2))/4; p/2 ≤ 1/2, where eight terms of the series leave less than 1e-8.
        let half = firing * Vector(all: 0.5)
        let square = half * half
        var series = Vector(all: -929_569.0 / 638_512_875)
        series = series * square + Vector(all: 21_844.0 / 6_081_075)
        series = series * square + Vector(all: -1_382.0 / 155_925)
        series = series * square + Vector(all: 62.0 / 2_835)
        series = series * square + Vector(all: -17.0 / 315)
        series = series * square + Vector(all: 2.0 / 15)
        series = series * square + Vector(all: -1.0 / 3)
        let tangent = half + half * square * series
        return (one - tangent * tangent) * Vector(all: 0.25)
    }
}
