import KernelTasks

/// The real 4×4 matrix of sixteen neurons, entry `4·row + column`; rows and columns are numbered
/// 2·(input-output qubit) + (memory qubit).
struct RealInstrument {
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

/// Amplitudes of the input-output and the memory qubit, in the gauge (−i)^{ones}.
struct RealState {
    var first = Group()
    var second = Group()
    var third = Group()
    var fourth = Group()
}

/// The memory (m₀, m₁) of sixteen neurons, not normalised.
///
/// Every probability is a ratio to `norm`, the squared length, so the collapse needs no reciprocal square root: only a
/// power of two, which is exact, keeps the length near 1.
struct RealMemory {
    var upper = Group(all: 1)
    var lower = Group()
    var norm = Group(all: 1)

    @inline(__always) init() {}

    /// The memory of a sample to begin with: |0⟩ at step 0, what was carried otherwise.
    @inline(__always) init(_ carried: UnsafePointer<Float>?, sample: Int, lane: Int) {
        guard let carried else { return }
        let memory = carried + sample &* Self.carriedSize + lane
        upper = Group.load(memory)
        lower = Group.load(memory + tileWidth)
        norm = Group.load(memory + 2 &* tileWidth)
    }

    @inline(__always)
    func carry(to carried: UnsafeMutablePointer<Float>?, sample: Int, lane: Int) {
        guard let carried else { return }
        let memory = carried + sample &* Self.carriedSize + lane
        upper.store(memory)
        lower.store(memory + tileWidth)
        norm.store(memory + 2 &* tileWidth)
    }

    /// Elements of a carried memory: that of one memory qubit.
    @inline(__always) private static var carriedSize: Int { CarriedMemory.size(memoryQubits: 1) }

    /// The collapsed amplitudes `upper`, `lower`, and what they were scaled by.
    @inline(__always) static func collapsed(_ upper: Group, _ lower: Group) -> (
        memory: RealMemory, scale: Group
    ) {
        let norm = upper * upper + lower * lower
        let scale = norm.scaleToUnit
        var memory = RealMemory()
        memory.upper = upper * scale
        memory.lower = lower * scale
        memory.norm = norm * (scale * scale)
        return (memory, scale)
    }

    /// The state (c m₀, c m₁, s m₀, s m₁) after the embedding.
    @inline(__always) func embedded(cosine: Group, sine: Group) -> RealState {
        RealState(first: cosine * upper, second: cosine * lower, third: sine * upper, fourth: sine * lower)
    }

    /// |0⟩ in the lanes of the mask.
    @inline(__always) func cleared(where mask: Words) -> RealMemory {
        var memory = RealMemory()
        memory.upper = memory.upper.select(where: mask, otherwise: upper)
        memory.lower = memory.lower.select(where: mask, otherwise: lower)
        memory.norm = memory.norm.select(where: mask, otherwise: norm)
        return memory
    }
}

extension CompiledKernels {
    /// Equations (4)–(8) for one input-output and one memory qubit whose circuit is real in the gauge
    /// (−i)^{ones}: the memory is a real vector (m₀, m₁).
    public static func stepRealGauge(_ task: NeuronStepTask<Float>) {
        let groups = (task.neuronCount + 15) / 16
        for sample in 0..<task.sampleCount {
            drawWords(of: sample, task)
            let firstRow = sample &* task.rowStride
            if let sums = task.rowSums {
                for row in firstRow..<firstRow &+ task.stepCount { clearRowSums(sums + 32 &* row) }
            }
            for group in 0..<groups { stepRealGroup(task, sample, group: group) }
            packSpikes(
                task.randomWords, stepCount: task.stepCount, neuronCount: task.neuronCount,
                to: task.spikes + firstRow &* task.wordsPerRow, wordsPerRow: task.wordsPerRow)
        }
    }

    @inline(__always)
    private static func stepRealGroup(_ task: NeuronStepTask<Float>, _ sample: Int, group: Int) {
        let lane = 16 &* group
        let firstRow = sample &* task.rowStride
        let instrument = RealInstrument(entries: task.instruments + lane)
        let exists = existingLanes(task.neuronCount, group)
        // A mask, not a branch: with a branch in the loop the optimiser splits the registers into lanes.
        let forgotten = Words(repeating: task.forgets ? ~0 : 0)
        var memory = RealMemory(task.memoryBefore, sample: sample, lane: lane)
        for step in 0..<task.stepCount {
            let row = firstRow &+ step
            let current = Group.load(task.currents + row &* tileWidth + lane)
            let (sine, cosine) = current.positivePart.sineCosineOfQuarterTurns
            let after = instrument.apply(memory.embedded(cosine: cosine, sine: sine))
            let firing = after.third * after.third + after.fourth * after.fourth
            let random = task.randomWords + step &* tileWidth + lane
            let spike = Group.isLess(Group.uniform(random) * memory.norm, firing)
            markSpikes(spike, random)
            if let probabilities = task.firingProbabilities {
                (firing * memory.norm.reciprocal).store(probabilities + row &* tileWidth + lane)
            }
            if let sums = task.rowSums {
                let probability = firing * memory.norm.reciprocal
                addToRowSums(probability.keep(where: Group.mask(bits: exists)), sums + 32 &* row)
            }
            let keptUpper = after.third.select(where: spike, otherwise: after.first)
            let keptLower = after.fourth.select(where: spike, otherwise: after.second)
            memory = RealMemory.collapsed(keptUpper, keptLower).memory.cleared(where: forgotten)
        }
        memory.carry(to: task.memoryAfter, sample: sample, lane: lane)
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

/// ∂L/∂p of the firing probabilities of one row, from ∂L/∂s and the sparsity regulariser.
@inline(__always)
func firingAdjoint<Vector: Lanes>(
    _ task: NeuronAdjointTask<Vector.Real>, _ errors: Vector, _ firing: Vector, row: Int
) -> Vector {
    let adjoint = errors * surrogate(task.surrogate, firing)
    guard let factors = task.regulariser else { return adjoint }
    return adjoint + Vector(all: factors[2 &* row]) - Vector(all: factors[2 &* row &+ 1]) * firing
}

/// The factor that stands for ∂s/∂p.
@inline(__always)
func surrogate<Vector: Lanes>(_ kind: SurrogateKind, _ firing: Vector) -> Vector {
    let one = Vector(all: 1)
    switch kind {
    case .straightThrough, .recordedPattern: return one
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
