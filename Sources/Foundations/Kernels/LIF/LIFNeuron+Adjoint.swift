import KernelTasks

extension CompiledKernels {
    /// Reverse of ``stepLIF(_:_:)``: of ∂S/∂U the surrogate is taken, and the spikes of the reset are constants, as in
    /// snnTorch. The threshold that the reset subtracts is not.
    public static func adjointLIF(_ task: NeuronAdjointTask<Float>, _ settings: LIFSettings) {
        switch settings.surrogate {
        case .arctan: adjoint(task, settings, ArctanSlope.self)
        case .fastSigmoid: adjoint(task, settings, FastSigmoidSlope.self)
        case .sigmoid: adjoint(task, settings, SigmoidSlope.self)
        }
    }

    @inline(__always)
    private static func adjoint<Slope: SpikeSlope>(
        _ task: NeuronAdjointTask<Float>, _ settings: LIFSettings, _ slope: Slope.Type
    ) {
        let groups = (task.neuronCount + 15) / 16
        for sample in 0..<task.sampleCount {
            for group in 0..<groups {
                recompute(task, settings, sample, group: group)
                reverse(task, settings, sample, group: group, slope)
            }
        }
    }

    /// Leaves the potential and the spike before each step, and after the last, in `scratch`, `[step][2][16]`.
    @inline(__always)
    private static func recompute(
        _ task: NeuronAdjointTask<Float>, _ settings: LIFSettings, _ sample: Int, group: Int
    ) {
        let lane = 16 &* group
        let firstRow = sample &* task.rowStride
        let decay = Group.load(task.instruments + lane)
        let threshold = Group.load(task.instruments + tileWidth + lane)
        let zeroing = settings.zeroing
        var membrane = Membrane(task.memoryBefore, sample: sample, lane: lane, threshold: threshold)
        membrane.record(task.scratch)
        for step in 0..<task.stepCount {
            let row = firstRow &+ step
            membrane.integrate(
                Group.load(task.currents + row &* tileWidth + lane), decay: decay, threshold: threshold,
                zeroing: zeroing)
            membrane.spike = Group.mask(bits: task.spikes[row &* task.wordsPerRow] &>> UInt64(lane))
            membrane.record(task.scratch + 32 &* (step &+ 1))
        }
    }

    @inline(__always)
    private static func reverse<Slope: SpikeSlope>(
        _ task: NeuronAdjointTask<Float>, _ settings: LIFSettings, _ sample: Int, group: Int,
        _ slope: Slope.Type
    ) {
        let lane = 16 &* group
        let firstRow = sample &* task.rowStride
        let decay = Group.load(task.instruments + lane)
        let threshold = Group.load(task.instruments + tileWidth + lane)
        let width = Group(all: Float(settings.surrogate.width))
        // Under the regulariser, lanes past the last neuron have errors too; they must not reach their weights.
        let exists = Group.mask(bits: existingLanes(task.neuronCount, group))
        let (zeroing, clipping) = (settings.zeroing, settings.clipping)
        let carried = task.memoryErrors.map { $0 + sample &* LIFSettings.carriedSize + lane }
        var following = carried.map { Group.load($0) } ?? Group()
        var decayGradient = Group.load(task.instrumentGradient + lane)
        var thresholdGradient = Group.load(task.instrumentGradient + tileWidth + lane)
        var step = task.stepCount
        while step > 0 {
            let potential = Membrane(recorded: task.scratch + 32 &* step).potential
            step &-= 1
            let before = Membrane(recorded: task.scratch + 32 &* step)
            let row = firstRow &+ step
            let errors = task.errors + row &* tileWidth + lane
            let throughSpike =
                Group.load(errors).keep(where: exists)
                * Slope.slope(potential - threshold, width: width)
            var total = following + throughSpike
            if let factors = task.regulariser {
                let activity = MembraneActivity(potential, threshold: threshold, clipping: clipping)
                let penalty =
                    Group(all: factors[2 &* row]) - Group(all: factors[2 &* row &+ 1]) * activity.value
                total = total + penalty.keep(where: activity.isPotential & exists)
                thresholdGradient = thresholdGradient + penalty.keep(where: activity.isThreshold & exists)
            }
            decayGradient = decayGradient + total * before.kept(zeroing)
            thresholdGradient =
                thresholdGradient - throughSpike - total.keep(where: before.spike & ~zeroing)
            following = (total * decay).keep(where: ~(before.spike & zeroing))
            total.store(errors)
        }
        decayGradient.store(task.instrumentGradient + lane)
        thresholdGradient.store(task.instrumentGradient + tileWidth + lane)
        if let carried { following.store(carried) }
    }
}

extension Membrane {
    @inline(__always) fileprivate init(recorded record: UnsafePointer<Float>) {
        potential = Group.load(record)
        spike = Group.load(record + 16).bitPattern
    }

    @inline(__always) fileprivate func record(_ record: UnsafeMutablePointer<Float>) {
        potential.store(record)
        unsafeBitCast(spike, to: Group.self).store(record + 16)
    }
}
