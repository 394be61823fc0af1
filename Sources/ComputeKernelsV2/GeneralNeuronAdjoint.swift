import ComputeKernels

/// The adjoint variables of one general step, beside the step's own working memory.
private struct GeneralAdjoint<Vector: Lanes> {
    let step: GeneralStep<Vector>
    let embedding: RealLanes<Vector>
    let probabilities: RealLanes<Vector>
    let memory: ComplexLanes<Vector>
    let before: ComplexLanes<Vector>
    let after: ComplexLanes<Vector>
    /// The memory before each step.
    let records: UnsafeMutablePointer<Vector.Real>

    @inline(__always)
    init(_ task: NeuronAdjointTask<Vector.Real>) {
        step = GeneralStep(
            ioQubits: task.ioQubits, memoryQubits: task.memoryQubits, scratch: task.scratch)
        let size = GeneralKernelLayout.stepScratch(
            ioQubits: task.ioQubits, memoryQubits: task.memoryQubits)
        // The same layout once more holds the adjoints.
        let mirror = GeneralStep<Vector>(
            ioQubits: task.ioQubits, memoryQubits: task.memoryQubits, scratch: task.scratch + size)
        embedding = mirror.embedding
        probabilities = mirror.probabilities
        memory = mirror.memory
        before = mirror.before
        after = mirror.after
        records = task.scratch + 2 &* size
    }

    @inline(__always) func record(_ index: Int) -> ComplexLanes<Vector> {
        ComplexLanes(base: records + 2 &* step.memoryCount &* Vector.width &* index)
    }

    @inline(__always)
    func copy(_ source: ComplexLanes<Vector>, to target: ComplexLanes<Vector>) {
        for index in 0..<step.memoryCount { target[index] = source[index] }
    }

    /// From the adjoints of the collapsed memory and of the pattern probabilities to that of
    /// `after = V (a ⊗ m)`: p(s) = ‖v_s‖², and m′ = v_s/‖v_s‖ for the recorded s.
    @inline(__always)
    func reverseMeasurement(_ words: UnsafePointer<UInt64>, lane: Int) {
        var probability = Vector(all: 0)
        for pattern in 0..<step.patternCount {
            let mask: Vector.Bits = step.recorded(pattern, words, lane: lane)
            probability = probability + step.probabilities[pattern].keep(where: mask)
        }
        let norm = probability.inverseSquareRoot
        // Re⟨λ, v_s⟩ / p(s)
        var along = Vector(all: 0)
        for pattern in 0..<step.patternCount {
            let mask: Vector.Bits = step.recorded(pattern, words, lane: lane)
            for index in 0..<step.memoryCount {
                let value = step.after[pattern &* step.memoryCount &+ index]
                let adjoint = memory[index]
                let overlap = adjoint.real * value.real + adjoint.imaginary * value.imaginary
                along = along + overlap.keep(where: mask)
            }
        }
        along = along * norm * norm
        for pattern in 0..<step.patternCount {
            let mask: Vector.Bits = step.recorded(pattern, words, lane: lane)
            let twice = probabilities[pattern] + probabilities[pattern]
            for index in 0..<step.memoryCount {
                let value = step.after[pattern &* step.memoryCount &+ index]
                let adjoint = memory[index]
                let real = (adjoint.real - along * value.real) * norm
                let imaginary = (adjoint.imaginary - along * value.imaginary) * norm
                after[pattern &* step.memoryCount &+ index] = (
                    twice * value.real + real.keep(where: mask),
                    twice * value.imaginary + imaginary.keep(where: mask)
                )
            }
        }
    }

    /// Adds `after · before†` to ∂L/∂V and sets `before = V† after`.
    @inline(__always)
    func reverseUnitary(_ unitary: UnitaryLanes<Vector>, gradient: UnsafeMutablePointer<Vector.Real>) {
        for column in 0..<step.dimension {
            let state = step.before[column]
            var (real, imaginary) = (Vector(all: 0), Vector(all: 0))
            for row in 0..<step.dimension {
                let adjoint = after[row]
                let entry = unitary[row &* step.dimension &+ column]
                real = real + (entry.real * adjoint.real + entry.imaginary * adjoint.imaginary)
                imaginary =
                    imaginary + (entry.real * adjoint.imaginary - entry.imaginary * adjoint.real)
                let target = gradient + 2 &* (row &* step.dimension &+ column) &* tileWidth
                let realPart = adjoint.real * state.real + adjoint.imaginary * state.imaginary
                let imaginaryPart = adjoint.imaginary * state.real - adjoint.real * state.imaginary
                (Vector.load(target) + realPart).store(target)
                (Vector.load(target + tileWidth) + imaginaryPart).store(target + tileWidth)
            }
            before[column] = (real, imaginary)
        }
    }

    /// From the adjoint of `a ⊗ m` to those of the memory and of the embedding.
    @inline(__always)
    func reverseEmbedding() {
        for index in 0..<step.memoryCount { memory[index] = (Vector(all: 0), Vector(all: 0)) }
        for pattern in 0..<step.patternCount {
            let factor = step.embedding[pattern]
            var embeddingAdjoint = Vector(all: 0)
            for index in 0..<step.memoryCount {
                let adjoint = multiplyByPowerOfI(
                    before[pattern &* step.memoryCount &+ index], pattern.nonzeroBitCount)
                let amplitude = step.memory[index]
                let sum = memory[index]
                memory[index] = (
                    sum.real + adjoint.real * factor, sum.imaginary + adjoint.imaginary * factor
                )
                embeddingAdjoint =
                    embeddingAdjoint
                    + (adjoint.real * amplitude.real + adjoint.imaginary * amplitude.imaginary)
            }
            embedding[pattern] = embeddingAdjoint
        }
    }

    /// ∂L/∂(half rotation angle) of one channel.
    @inline(__always) func turnAdjoint(_ channel: Int) -> Vector {
        var sum = Vector(all: 0)
        for pattern in 0..<step.patternCount {
            var product = embedding[pattern]
            for other in 0..<step.ioQubits {
                let isOne = step.isOne(pattern, other)
                let cosine = step.turns[2 &* other]
                let sine = step.turns[2 &* other &+ 1]
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

extension Kernels {
    public static func adjointGeneral(_ task: NeuronAdjointTask<Float>) {
        adjoint(task, SIMD16<Float>.self)
    }

    public static func adjointGeneral(_ task: NeuronAdjointTask<Double>) {
        adjoint(task, SIMD8<Double>.self)
    }

    @inline(__always)
    private static func adjoint<Vector: Lanes>(_ task: NeuronAdjointTask<Vector.Real>, _: Vector.Type) {
        let groups = (task.neuronCount + Vector.width - 1) / Vector.width
        let machine = GeneralAdjoint<Vector>(task)
        for sample in 0..<task.sampleCount {
            for group in 0..<groups {
                let firstRow = sample &* task.stepCount
                recompute(task, machine, firstRow: firstRow, group: group)
                reverse(task, machine, firstRow: firstRow, group: group)
            }
        }
    }

    @inline(__always)
    private static func recompute<Vector: Lanes>(
        _ task: NeuronAdjointTask<Vector.Real>, _ machine: GeneralAdjoint<Vector>, firstRow: Int, group: Int
    ) {
        let lane = Vector.width &* group
        let unitary = UnitaryLanes<Vector>(base: task.instruments + lane)
        machine.step.resetMemory()
        for step in 0..<task.stepCount {
            machine.copy(machine.step.memory, to: machine.record(step))
            if task.forgets || step &+ 1 == task.stepCount { continue }
            let row = firstRow &+ step
            machine.step.evolve(
                unitary, task.currents + row &* tileWidth + lane, stride: task.channelStride)
            let words = task.spikes + row &* task.wordsPerRow
            machine.step.collapse { machine.step.recorded($0, words, lane: lane) }
        }
    }

    @inline(__always)
    private static func reverse<Vector: Lanes>(
        _ task: NeuronAdjointTask<Vector.Real>, _ machine: GeneralAdjoint<Vector>, firstRow: Int, group: Int
    ) {
        let lane = Vector.width &* group
        let unitary = UnitaryLanes<Vector>(base: task.instruments + lane)
        let zero = Vector(all: 0)
        for index in 0..<machine.step.memoryCount { machine.memory[index] = (zero, zero) }
        for step in stride(from: task.stepCount - 1, through: 0, by: -1) {
            let row = firstRow &+ step
            let currents = task.currents + row &* tileWidth + lane
            let errors = task.errors + row &* tileWidth + lane
            machine.copy(machine.record(step), to: machine.step.memory)
            machine.step.evolve(unitary, currents, stride: task.channelStride)

            for pattern in 0..<machine.step.patternCount { machine.probabilities[pattern] = zero }
            for channel in 0..<task.ioQubits {
                let firing = machine.step.firingProbability(channel)
                var adjoint =
                    Vector.load(errors + channel &* task.channelStride) * surrogate(task.surrogate, firing)
                if let factors = task.regulariser {
                    adjoint =
                        adjoint + Vector(all: factors[2 &* row])
                        - Vector(all: factors[2 &* row &+ 1]) * firing
                }
                for pattern in 0..<machine.step.patternCount
                where machine.step.isOne(pattern, channel) {
                    machine.probabilities[pattern] = machine.probabilities[pattern] + adjoint
                }
            }
            machine.reverseMeasurement(task.spikes + row &* task.wordsPerRow, lane: lane)
            machine.reverseUnitary(unitary, gradient: task.instrumentGradient + lane)
            machine.reverseEmbedding()
            for channel in 0..<task.ioQubits {
                let offset = channel &* task.channelStride
                let isDriven = Vector.isPositive(Vector.load(currents + offset))
                (machine.turnAdjoint(channel) * Vector(all: .pi / 2)).keep(where: isDriven)
                    .store(errors + offset)
            }
            if task.forgets {
                for index in 0..<machine.step.memoryCount { machine.memory[index] = (zero, zero) }
            }
        }
    }
}
