import KernelTasks

extension CompiledKernels {
    /// Reverse of ``stepQLIF(_:_:)`` along the recorded spikes, with the arctan surrogate at α_t − ϑ or by the times of the spikes.
    ///
    /// The derivative is taken through phases, not through √α, whose arcsine has none at α = 0 and 1: there the phase's slope is
    /// that of smaller phases. Where z^o leaves all of an excited qubit (x sin h = 1), the fall's derivatives are taken as 0, and so
    /// is that of |z^o| at 0. Of shots nothing is seen: α is computed anew, exactly.
    public static func adjointQLIF(_ task: NeuronAdjointTask<Float>, _ settings: QLIFSettings) {
        switch settings.spikeGradient {
        case .arctan: adjoint(task, settings, ArctanOfPotential.self)
        case .spikeTime: adjoint(task, settings, TimeOfSpike.self)
        }
    }

    @inline(__always)
    private static func adjoint<Firing: FiringAdjoint>(
        _ task: NeuronAdjointTask<Float>, _ settings: QLIFSettings, _: Firing.Type
    ) {
        let groups = (task.neuronCount + 15) / 16
        for sample in 0..<task.sampleCount {
            for group in 0..<groups {
                recompute(task, settings, sample, group: group)
                reverse(task, settings, sample, group: group, Firing(settings))
            }
        }
    }

    /// Leaves the steps in `scratch`, ``QLIFSettings/recordSize`` each.
    @inline(__always)
    private static func recompute(
        _ task: NeuronAdjointTask<Float>, _ settings: QLIFSettings, _ sample: Int, group: Int
    ) {
        let lane = 16 &* group
        let firstRow = sample &* task.rowStride
        let shared = QubitSettings(settings)
        var qubit = Qubit(task.memoryBefore, sample: sample, lane: lane)
        for step in 0..<task.stepCount {
            let row = firstRow &+ step
            let currents = QubitCurrents(
                task.currents + row &* tileWidth + lane, channelStride: task.channelStride)
            let turned = QubitStep(qubit, currents, shared)
            turned.record(task.scratch + QLIFSettings.recordSize &* step)
            qubit = Qubit(
                sine: turned.sine.magnitude, cosine: turned.cosine.magnitude,
                spike: Group.mask(bits: task.spikes[row &* task.wordsPerRow] &>> UInt64(lane)))
        }
    }

    @inline(__always)
    private static func reverse<Firing: FiringAdjoint>(
        _ task: NeuronAdjointTask<Float>, _ settings: QLIFSettings, _ sample: Int, group: Int,
        _ firing: Firing
    ) {
        let lane = 16 &* group
        let firstRow = sample &* task.rowStride
        let shared = QubitSettings(settings)
        // Under the regulariser, lanes past the last neuron have errors too; they must not reach their weights.
        let exists = Group.mask(bits: existingLanes(task.neuronCount, group))
        let carried = task.memoryErrors.map { $0 + sample &* QLIFSettings.carriedSize + lane }
        // ∂L/∂(phase before the step after), in quarter turns.
        var following = carried.map { Group.load($0) } ?? Group()
        // ∂L/∂s of the step after.
        var later = carried.map { Group.load($0 + tileWidth) } ?? Group()
        var step = task.stepCount
        while step > 0 {
            step &-= 1
            let row = firstRow &+ step
            let turned = QubitStep(recorded: task.scratch + QLIFSettings.recordSize &* step)
            let currents = QubitCurrents(
                task.currents + row &* tileWidth + lane, channelStride: task.channelStride)
            let probability = turned.sine * turned.sine
            let errors = task.errors + row &* tileWidth + lane
            let error = Group.load(errors)
            let spike = Group.mask(bits: task.spikes[row &* task.wordsPerRow] &>> UInt64(lane))
            let (bySpike, byStart) = firing.errors(
                error, later: later, spike: spike, probability: probability,
                start: turned.start.sine * turned.start.sine)
            var byProbability = bySpike
            later = error
            if let factors = task.regulariser {
                byProbability =
                    byProbability + Group(all: factors[2 &* row])
                    - Group(all: factors[2 &* row &+ 1]) * probability
            }
            // ∂ sin²(π/2 · ψ)/∂ψ = π sin cos
            let product = turned.sine * turned.cosine
            // The phase falls short of a half turn, and is counted from there.
            let isTurned = Group.isPositive(Group() - product)
            let folded = (Group() - following).select(where: isTurned, otherwise: following)
            let lives = exists & ~(turned.start.spike & shared.refractory)
            let byPhase = (byProbability * product * Group(all: .pi) + folded).keep(where: lives)
            byPhase.keep(where: currents.isExcited).withoutTraces.store(errors)
            turned.currentAdjoint(byPhase, currents, halfRate: shared.halfRate).withoutTraces
                .store(errors + task.channelStride)
            following = turned.startAdjoint(byPhase, currents)
            if Firing.actsOnStart {
                let startSlope = turned.start.sine * turned.start.cosine * Group(all: .pi)
                following = following + (byStart * startSlope).keep(where: lives)
            }
            following = following.keep(where: ~turned.start.spike)
        }
        if let carried {
            following.store(carried)
            later.store(carried + tileWidth)
        }
    }
}

/// From ∂L/∂s to ∂L/∂α.
private protocol FiringAdjoint {
    /// Whether ∂L/∂s acts on α before the step, too.
    static var actsOnStart: Bool { get }

    init(_ settings: QLIFSettings)

    /// - Parameters:
    ///   - error, later: ∂L/∂s of the step and of the next.
    ///   - probability, start: α after the step, and before it.
    func errors(_ error: Group, later: Group, spike: Words, probability: Group, start: Group) -> (
        byProbability: Group, byStart: Group
    )
}

private struct ArctanOfPotential: FiringAdjoint {
    static let actsOnStart = false
    let threshold: Group
    let width: Group

    @inline(__always) init(_ settings: QLIFSettings) {
        threshold = Group(all: Float(settings.threshold))
        width = Group(all: Float(settings.surrogateWidth))
    }

    @inline(__always)
    func errors(_ error: Group, later: Group, spike: Words, probability: Group, start: Group) -> (
        byProbability: Group, byStart: Group
    ) { (error * ArctanSlope.slope(probability - threshold, width: width), Group()) }
}

/// Moving a spike to the next step changes L by ∂L/∂s there less that here. Its time is where a line from α before the step to α after it
/// passes ϑ: t* = t − 1 + (ϑ − α°)/(α_t − α°).
private struct TimeOfSpike: FiringAdjoint {
    static let actsOnStart = true
    let threshold: Group
    let leastRise: Group

    @inline(__always) init(_ settings: QLIFSettings) {
        threshold = Group(all: Float(settings.threshold))
        leastRise = Group(all: Float(QLIFSettings.leastRise))
    }

    @inline(__always)
    func errors(_ error: Group, later: Group, spike: Words, probability: Group, start: Group) -> (
        byProbability: Group, byStart: Group
    ) {
        let rise = probability - start
        let isSlow = Group.isLess(rise, leastRise)
        let inverse = leastRise.select(where: isSlow, otherwise: rise).reciprocal
        let share = Group(all: 1).select(where: isSlow, otherwise: (threshold - start) * inverse)
        // Spikes that were given where the potential does not pass the threshold have no time that moves.
        let hasTime = spike & Group.isLess(threshold, probability)
        let byTime = ((error - later) * inverse).keep(where: hasTime)
        return (byTime * share, byTime * (Group(all: 1) - share))
    }
}

extension QubitStep {
    /// ∂L/∂z^o
    @inline(__always)
    fileprivate func currentAdjoint(_ byPhase: Group, _ currents: QubitCurrents, halfRate: Group) -> Group {
        let magnitude =
            byPhase * start.sine * inverseCosine * survival * halfRate * Group(all: 2 / .pi)
        let signed =
            magnitude.keep(where: Group.isPositive(currents.leak))
            - magnitude.keep(where: Group.isPositive(Group() - currents.leak))
        return signed.keep(where: ~currents.isExcited)
    }

    /// ∂L/∂(phase at the start)
    @inline(__always)
    fileprivate func startAdjoint(_ byPhase: Group, _ currents: QubitCurrents) -> Group {
        let fall = survival * start.cosine * inverseCosine
        return byPhase - (byPhase * fall).keep(where: ~currents.isExcited)
    }

    @inline(__always) fileprivate func record(_ record: UnsafeMutablePointer<Float>) {
        start.sine.store(record)
        start.cosine.store(record + 16)
        unsafeBitCast(start.spike, to: Group.self).store(record + 32)
        sine.store(record + 48)
        cosine.store(record + 64)
        survival.store(record + 80)
        inverseCosine.store(record + 96)
    }

    @inline(__always) fileprivate init(recorded record: UnsafePointer<Float>) {
        start = Qubit(
            sine: Group.load(record), cosine: Group.load(record + 16),
            spike: Group.load(record + 32).bitPattern)
        sine = Group.load(record + 48)
        cosine = Group.load(record + 64)
        survival = Group.load(record + 80)
        inverseCosine = Group.load(record + 96)
    }
}

extension SIMD16<Float> {
    /// 0 in place of numbers below 2⁻⁸⁰. A phase fades by a factor a step, and the errors with it: their products with weights would
    /// leave the range of normal numbers, where the processor takes a hundred times as long.
    @inline(__always) fileprivate var withoutTraces: Self {
        keep(where: ~Self.isLess(magnitude, Group(all: 0x1p-80)))
    }
}
