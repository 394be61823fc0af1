import ComputeKernels

/// Complex vectors of one neuron group in working memory: entry i is a real and an imaginary register.
struct ComplexLanes<Vector: Lanes> {
    let base: UnsafeMutablePointer<Vector.Real>

    @inline(__always) subscript(index: Int) -> (real: Vector, imaginary: Vector) {
        get {
            let address = base + 2 &* index &* Vector.width
            return (Vector.load(address), Vector.load(address + Vector.width))
        }
        nonmutating set {
            let address = base + 2 &* index &* Vector.width
            newValue.real.store(address)
            newValue.imaginary.store(address + Vector.width)
        }
    }
}

/// Real vectors of one neuron group in working memory.
struct RealLanes<Vector: Lanes> {
    let base: UnsafeMutablePointer<Vector.Real>

    @inline(__always) subscript(index: Int) -> Vector {
        get { Vector.load(base + index &* Vector.width) }
        nonmutating set { newValue.store(base + index &* Vector.width) }
    }
}

/// The unitary of one neuron group inside its tile, `[D²][2][64]`.
struct UnitaryLanes<Vector: Lanes> {
    let base: UnsafePointer<Vector.Real>

    @inline(__always) subscript(entry: Int) -> (real: Vector, imaginary: Vector) {
        let address = base + 2 &* entry &* tileWidth
        return (Vector.load(address), Vector.load(address + tileWidth))
    }
}

/// `value · i^power`
@inline(__always)
func multiplyByPowerOfI<Vector: Lanes>(
    _ value: (real: Vector, imaginary: Vector), _ power: Int
) -> (real: Vector, imaginary: Vector) {
    let zero = Vector(all: 0)
    switch power & 3 {
    case 0: return value
    case 1: return (zero - value.imaginary, value.real)
    case 2: return (zero - value.real, zero - value.imaginary)
    default: return (value.imaginary, zero - value.real)
    }
}

/// The working memory of the general kernels and the algebra of one step on it.
///
/// Basis states are numbered io · 2^M + memory, the first input-output qubit most significant.
struct GeneralStep<Vector: Lanes> {
    let ioQubits: Int
    let patternCount: Int
    let memoryCount: Int
    let dimension: Int
    /// Cosine and sine of half the rotation angle of each channel.
    let turns: RealLanes<Vector>
    /// a_x without its phase (−i)^{|x|}, for each input pattern x.
    let embedding: RealLanes<Vector>
    let probabilities: RealLanes<Vector>
    let memory: ComplexLanes<Vector>
    let before: ComplexLanes<Vector>
    let after: ComplexLanes<Vector>

    @inline(__always)
    init(ioQubits: Int, memoryQubits: Int, scratch: UnsafeMutablePointer<Vector.Real>) {
        self.ioQubits = ioQubits
        patternCount = 1 &<< ioQubits
        memoryCount = 1 &<< memoryQubits
        dimension = patternCount &* memoryCount
        let width = Vector.width
        turns = RealLanes(base: scratch)
        embedding = RealLanes(base: scratch + 2 &* patternCount &* width)
        probabilities = RealLanes(base: scratch + 3 &* patternCount &* width)
        let complexes = scratch + 4 &* patternCount &* width
        memory = ComplexLanes(base: complexes)
        before = ComplexLanes(base: complexes + 2 &* memoryCount &* width)
        after = ComplexLanes(base: complexes + 2 &* (memoryCount &+ dimension) &* width)
    }

    @inline(__always) func isOne(_ pattern: Int, _ channel: Int) -> Bool {
        (pattern &>> (ioQubits &- 1 &- channel)) & 1 == 1
    }

    @inline(__always) func resetMemory() {
        memory[0] = (Vector(all: 1), Vector(all: 0))
        for index in 1..<max(memoryCount, 1) { memory[index] = (Vector(all: 0), Vector(all: 0)) }
    }

    /// Embeds the currents (channel c at `currents + c · stride`) and applies the unitary:
    /// `after = V (a ⊗ memory)`, and `probabilities[s] = ‖K_s m‖²`.
    @inline(__always)
    func evolve(_ unitary: UnitaryLanes<Vector>, _ currents: UnsafePointer<Vector.Real>, stride: Int) {
        for channel in 0..<ioQubits {
            let current = Vector.load(currents + channel &* stride)
            let (sine, cosine) = current.positivePart.sineCosineOfQuarterTurns
            turns[2 &* channel] = cosine
            turns[2 &* channel &+ 1] = sine
        }
        for pattern in 0..<patternCount {
            var product = Vector(all: 1)
            for channel in 0..<ioQubits {
                product = product * turns[2 &* channel &+ (isOne(pattern, channel) ? 1 : 0)]
            }
            embedding[pattern] = product
            let power = 3 &* pattern.nonzeroBitCount
            for index in 0..<memoryCount {
                let amplitude = memory[index]
                before[pattern &* memoryCount &+ index] = multiplyByPowerOfI(
                    (amplitude.real * product, amplitude.imaginary * product), power)
            }
        }
        for pattern in 0..<patternCount {
            var probability = Vector(all: 0)
            for index in 0..<memoryCount {
                let row = pattern &* memoryCount &+ index
                let value = product(unitary, row: row)
                after[row] = value
                probability =
                    probability + (value.real * value.real + value.imaginary * value.imaginary)
            }
            probabilities[pattern] = probability
        }
    }

    @inline(__always)
    private func product(_ unitary: UnitaryLanes<Vector>, row: Int) -> (real: Vector, imaginary: Vector) {
        var (real, imaginary) = (Vector(all: 0), Vector(all: 0))
        for column in 0..<dimension {
            let entry = unitary[row &* dimension &+ column]
            let state = before[column]
            real = real + (entry.real * state.real - entry.imaginary * state.imaginary)
            imaginary = imaginary + (entry.real * state.imaginary + entry.imaginary * state.real)
        }
        return (real, imaginary)
    }

    /// p(s^channel = 1 | history)
    @inline(__always) func firingProbability(_ channel: Int) -> Vector {
        var sum = Vector(all: 0)
        for pattern in 0..<patternCount where isOne(pattern, channel) {
            sum = sum + probabilities[pattern]
        }
        return sum
    }

    /// Collapse (7): the memory that goes with the pattern each lane measured.
    @inline(__always) func collapse(_ isPattern: (Int) -> Vector.Bits) {
        for index in 0..<memoryCount { memory[index] = (Vector(all: 0), Vector(all: 0)) }
        var probability = Vector(all: 0)
        for pattern in 0..<patternCount {
            let mask = isPattern(pattern)
            probability = probability + probabilities[pattern].keep(where: mask)
            for index in 0..<memoryCount {
                let value = after[pattern &* memoryCount &+ index]
                let sum = memory[index]
                memory[index] = (
                    sum.real + value.real.keep(where: mask),
                    sum.imaginary + value.imaginary.keep(where: mask)
                )
            }
        }
        let norm = probability.inverseSquareRoot
        for index in 0..<memoryCount {
            let value = memory[index]
            memory[index] = (value.real * norm, value.imaginary * norm)
        }
    }

    /// Mask of the lanes whose recorded spikes are `pattern`; channel c is in `words[c]`, from bit `lane`.
    @inline(__always)
    func recorded(_ pattern: Int, _ words: UnsafePointer<UInt64>, lane: Int) -> Vector.Bits {
        var bits = ~UInt64(0)
        for channel in 0..<ioQubits {
            bits &= isOne(pattern, channel) ? words[channel] : ~words[channel]
        }
        return Vector.mask(bits: bits &>> UInt64(lane))
    }
}

extension Kernels {
    public static func stepGeneral(_ task: NeuronStepTask<Float>) { step(task, SIMD16<Float>.self) }
    public static func stepGeneral(_ task: NeuronStepTask<Double>) { step(task, SIMD8<Double>.self) }

    /// Equations (4)–(8) for any circuit: a complex memory state and the whole unitary.
    @inline(__always)
    private static func step<Vector: Lanes>(_ task: NeuronStepTask<Vector.Real>, _: Vector.Type) {
        let groups = (task.neuronCount + Vector.width - 1) / Vector.width
        let machine = GeneralStep<Vector>(
            ioQubits: task.ioQubits, memoryQubits: task.memoryQubits, scratch: task.scratch)
        for sample in 0..<task.sampleCount {
            drawWords(of: sample, task)
            let firstRow = sample &* task.stepCount
            for step in 0..<task.stepCount {
                let row = firstRow &+ step
                for channel in 0..<task.ioQubits { task.spikes[row &* task.wordsPerRow &+ channel] = 0 }
                if let sums = task.rowSums { clearRowSums(sums + 32 &* row) }
            }
            for group in 0..<groups {
                stepGroup(task, machine, firstRow: firstRow, group: group)
            }
        }
    }

    @inline(__always)
    private static func stepGroup<Vector: Lanes>(
        _ task: NeuronStepTask<Vector.Real>, _ machine: GeneralStep<Vector>, firstRow: Int, group: Int
    ) {
        let lane = Vector.width &* group
        let unitary = UnitaryLanes<Vector>(base: task.instruments + lane)
        let exists = existingLanes(task.neuronCount, group, width: Vector.width)
        machine.resetMemory()
        for step in 0..<task.stepCount {
            let row = firstRow &+ step
            machine.evolve(
                unitary, task.currents + row &* tileWidth + lane, stride: task.channelStride)

            // Inverse of the cumulative distribution, from the pattern of all ones downwards, so that a
            // single channel fires where the random number is below its firing probability.
            let random = Vector.uniform(task.randomWords + step &* tileWidth + lane)
            let words = task.spikes + row &* task.wordsPerRow
            var cumulative = Vector(all: 0)
            var undecided = (UInt64(1) &<< UInt64(Vector.width)) &- 1
            for pattern in stride(from: machine.patternCount - 1, to: 0, by: -1) {
                cumulative = cumulative + machine.probabilities[pattern]
                let chosen = Vector.bits(Vector.isLess(random, cumulative)) & undecided
                undecided &= ~chosen
                for channel in 0..<task.ioQubits where machine.isOne(pattern, channel) {
                    words[channel] |= (chosen & exists) &<< UInt64(lane)
                }
            }

            for channel in 0..<task.ioQubits {
                let firing = machine.firingProbability(channel)
                if let probabilities = task.firingProbabilities {
                    firing.store(
                        probabilities + channel &* task.channelStride + row &* tileWidth + lane)
                }
                if let sums = task.rowSums {
                    addToRowSums(firing.keep(where: Vector.mask(bits: exists)), sums + 32 &* row)
                }
            }
            if task.forgets { continue }
            machine.collapse { machine.recorded($0, words, lane: lane) }
        }
    }
}
