import KernelTasks

extension CompiledKernels {
    /// Reverse of ``stepHiddenStates(_:_:)`` along the recorded spikes; with credit, a spike's error has also what the other spike
    /// would have made of the states.
    public static func adjointHiddenStates(_ task: NeuronAdjointTask<Float>, _ shape: HiddenStatesShape) {
        for sample in 0..<task.sampleCount {
            for group in 0..<(task.neuronCount + 15) / 16 {
                let lane = 16 &* group
                let machine = HiddenStatesAdjoint(
                    shape: shape, lane: lane, firstRow: sample &* task.rowStride,
                    instrument: HiddenStatesInstrument(entries: task.instruments + lane, shape: shape),
                    scratch: task.scratch)
                machine.states(before: 0).begin(task.memoryBefore, shape, sample: sample, lane: lane)
                for step in 0..<task.stepCount { machine.recompute(task, step) }
                machine.beginErrors(task.memoryErrors, sample: sample)
                var step = task.stepCount
                while step > 0 {
                    step &-= 1
                    machine.reverse(task, step)
                }
                machine.errors.leave(task.memoryErrors, shape, sample: sample, lane: lane)
            }
        }
    }
}

/// One group of neurons of one sample on its way back.
private struct HiddenStatesAdjoint {
    let shape: HiddenStatesShape
    let lane: Int
    let firstRow: Int
    let instrument: HiddenStatesInstrument
    /// `[step + 1][state][16]`, then ``errors``, the errors of the states before (`[state]`), of both spikes' weights
    /// (`[2][state]`), and ``next``.
    let scratch: UnsafeMutablePointer<Float>

    @inline(__always) private func weights(_ place: Int) -> StateWeights {
        StateWeights(base: scratch + 16 &* shape.stateCount &* place)
    }

    /// ∂L/∂(probabilities after the step at hand).
    @inline(__always) var errors: StateWeights { weights(0) }
    @inline(__always) private var errorsBefore: StateWeights { weights(1) }
    /// The weights after silence and after a spike.
    @inline(__always) private var next: StateWeights { weights(2) }
    @inline(__always) func states(before step: Int) -> StateWeights { weights(4 &+ step) }

    @inline(__always)
    private func input(_ task: NeuronAdjointTask<Float>, _ row: Int) -> InputForms {
        InputForms(Group.load(task.currents + row &* tileWidth + lane))
    }

    @inline(__always)
    private func spike(_ task: NeuronAdjointTask<Float>, _ row: Int) -> Words {
        Group.mask(bits: task.spikes[row &* task.wordsPerRow] &>> UInt64(lane))
    }

    @inline(__always) func beginErrors(_ carried: UnsafeMutablePointer<Float>?, sample: Int) {
        for state in 0..<shape.stateCount {
            errors[state] =
                carried.map { Group.load($0 + sample &* shape.carriedSize + state &* tileWidth + lane) }
                ?? Group()
        }
    }

    @inline(__always) func recompute(_ task: NeuronAdjointTask<Float>, _ step: Int) {
        let row = firstRow &+ step
        let (silent, firing) = instrument.apply(input(task, row), to: states(before: step), next)
        let isSpike = spike(task, row)
        states(before: step &+ 1).collapse(
            next, spike: isSpike, total: firing.select(where: isSpike, otherwise: silent), shape)
    }

    @inline(__always) func reverse(_ task: NeuronAdjointTask<Float>, _ step: Int) {
        let (row, count) = (firstRow &+ step, shape.stateCount)
        let (input, isSpike) = (input(task, row), spike(task, row))
        let before = states(before: step)
        let after = states(before: step &+ 1)
        let (silent, firing) = instrument.apply(input, to: before, next)
        let place = task.errors + row &* tileWidth + lane
        var spikeError = Group.load(place)
        // Σ over the states of the errors, weighted with what is after the recorded spike and after the other.
        var (recorded, other) = (Group(), Group())
        for state in 0..<count {
            recorded = recorded + errors[state] * after[state]
            other =
                other + errors[state] * next[state].select(where: isSpike, otherwise: next[count &+ state])
        }
        let otherTotal = silent.select(where: isSpike, otherwise: firing)
        if task.creditsOwnSpikes {
            let difference = (other * otherTotal.safeReciprocal - recorded)
                .keep(where: Group.isLess(Group(all: 0x1p-20), otherTotal))
            spikeError = spikeError + (Group() - difference).select(where: isSpike, otherwise: difference)
        }
        let firingError = firingAdjoint(task, spikeError, firing, row: row)
        let share = firing.select(where: isSpike, otherwise: silent).safeReciprocal
        for state in 0..<count { errorsBefore[state] = Group() }
        var (ofSilent, ofFiring, ofCoherent) = (Group(), Group(), Group())
        for state in 0..<count {
            let collapsed = (errors[state] - recorded) * share
            for kind in 0..<2 {
                let error =
                    kind == 0
                    ? collapsed.keep(where: ~isSpike) : collapsed.keep(where: isSpike) + firingError
                for source in 0..<count {
                    let index = instrument.index(spike: kind, state, source)
                    let transition = instrument.transition(index, input)
                    errorsBefore[source] = errorsBefore[source] + transition * error
                    let slope = error * before[source]
                    add(task, index, slope, input, &ofSilent, &ofFiring, &ofCoherent)
                }
            }
        }
        for state in 0..<count { errors[state] = errorsBefore[state] }
        // d cos²(φ/2) = −½ sin φ dφ, d sin²(φ/2) = ½ sin φ dφ, d sin φ = cos φ dφ, and φ = π z.
        let turn = (ofFiring - ofSilent) * input.coherent * Group(all: 0.5) + ofCoherent * input.cosine
        let isDriven = Group.isPositive(Group.load(task.currents + row &* tileWidth + lane))
        (turn * Group(all: .pi)).keep(where: isDriven).store(place)
    }

    /// Adds ∂L/∂T of one entry to the gradient of the instruments, and to what the forms of the input get.
    @inline(__always)
    private func add(
        _ task: NeuronAdjointTask<Float>, _ index: Int, _ slope: Group, _ input: InputForms,
        _ ofSilent: inout Group, _ ofFiring: inout Group, _ ofCoherent: inout Group
    ) {
        let stride = shape.entryCount &* tileWidth
        let gradient = task.instrumentGradient + lane + index &* tileWidth
        let entry = instrument.entries + index &* tileWidth
        (Group.load(gradient) + slope * input.silent).store(gradient)
        (Group.load(gradient + stride) + slope * input.firing).store(gradient + stride)
        ofSilent = ofSilent + slope * Group.load(entry)
        ofFiring = ofFiring + slope * Group.load(entry + stride)
        if shape.formCount == 3 {
            (Group.load(gradient + 2 &* stride) + slope * input.coherent).store(gradient + 2 &* stride)
            ofCoherent = ofCoherent + slope * Group.load(entry + 2 &* stride)
        }
    }
}
