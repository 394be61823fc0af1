import KernelTasks

/// Sixteen neurons with classical hidden states, as their instruments say it.
struct HiddenStatesInstrument {
    let entries: UnsafePointer<Float>
    let shape: HiddenStatesShape

    /// Number of an entry of a form.
    @inline(__always) func index(spike: Int, _ next: Int, _ state: Int) -> Int {
        (spike &* shape.stateCount &+ next) &* shape.stateCount &+ state
    }

    /// T_s[j, i] at the input's forms.
    @inline(__always) func transition(_ index: Int, _ input: InputForms) -> Group {
        let stride = shape.entryCount &* tileWidth
        let entry = entries + index &* tileWidth
        let measured = Group.load(entry) * input.silent + Group.load(entry + stride) * input.firing
        return shape.formCount == 2 ? measured : measured + Group.load(entry + 2 &* stride) * input.coherent
    }

    /// The weights of all states after a spike of either kind: `next[s][j]`, from those before.
    ///
    /// - Returns: the sum of each, which are the probabilities of the spikes where the weights before add up to 1.
    @inline(__always)
    func apply(_ input: InputForms, to states: StateWeights, _ next: StateWeights) -> (Group, Group) {
        let silent = apply(spike: 0, input, to: states, next)
        return (silent, apply(spike: 1, input, to: states, next))
    }

    @inline(__always)
    private func apply(spike: Int, _ input: InputForms, to states: StateWeights, _ next: StateWeights)
        -> Group
    {
        var total = Group()
        for state in 0..<shape.stateCount {
            var sum = Group()
            for source in 0..<shape.stateCount {
                sum = sum + transition(index(spike: spike, state, source), input) * states[source]
            }
            next[spike &* shape.stateCount &+ state] = sum
            total = total + sum
        }
        return total
    }
}

/// cos²(φ/2), sin²(φ/2) and sin φ of sixteen currents.
struct InputForms {
    let silent: Group
    let firing: Group
    let coherent: Group
    /// cos φ
    let cosine: Group

    @inline(__always) init(_ current: Group) {
        let (sine, cosine) = current.positivePart.sineCosineOfQuarterTurns
        silent = cosine * cosine
        firing = sine * sine
        coherent = (sine + sine) * cosine
        self.cosine = silent - firing
    }
}

/// Numbers of sixteen neurons in working memory, one for each hidden state.
struct StateWeights {
    let base: UnsafeMutablePointer<Float>

    @inline(__always) subscript(_ state: Int) -> Group {
        get { Group.load(base + 16 &* state) }
        nonmutating set { newValue.store(base + 16 &* state) }
    }

    /// The states of a sample to begin with: state 0 at step 0, what was carried otherwise.
    @inline(__always)
    func begin(_ carried: UnsafePointer<Float>?, _ shape: HiddenStatesShape, sample: Int, lane: Int) {
        for state in 0..<shape.stateCount {
            self[state] =
                carried.map { Group.load($0 + sample &* shape.carriedSize + state &* tileWidth + lane) }
                ?? Group(all: state == 0 ? 1 : 0)
        }
    }

    @inline(__always)
    func leave(
        _ carried: UnsafeMutablePointer<Float>?, _ shape: HiddenStatesShape, sample: Int, lane: Int
    ) {
        guard let carried else { return }
        for state in 0..<shape.stateCount {
            self[state].store(carried + sample &* shape.carriedSize + state &* tileWidth + lane)
        }
    }

    /// The probabilities after a spike that has come, from ``HiddenStatesInstrument/apply(_:to:_:)``.
    @inline(__always)
    func collapse(_ next: StateWeights, spike: Words, total: Group, _ shape: HiddenStatesShape) {
        let share = total.safeReciprocal
        for state in 0..<shape.stateCount {
            self[state] = next[shape.stateCount &+ state].select(where: spike, otherwise: next[state]) * share
        }
    }
}

extension CompiledKernels {
    /// Neurons with classical hidden states: the spike of a step and the next state are drawn together; what is carried is the
    /// probability of each state given the spikes so far, so that the state itself is never drawn.
    public static func stepHiddenStates(_ task: NeuronStepTask<Float>, _ shape: HiddenStatesShape) {
        let groups = (task.neuronCount + 15) / 16
        for sample in 0..<task.sampleCount {
            drawWords(of: sample, task)
            let firstRow = sample &* task.rowStride
            if let sums = task.rowSums {
                for row in firstRow..<firstRow &+ task.stepCount { clearRowSums(sums + 32 &* row) }
            }
            for group in 0..<groups { stepHiddenGroup(task, shape, sample, group: group) }
            packSpikes(
                task.randomWords, stepCount: task.stepCount, neuronCount: task.neuronCount,
                to: task.spikes + firstRow &* task.wordsPerRow, wordsPerRow: task.wordsPerRow)
        }
    }

    @inline(__always)
    private static func stepHiddenGroup(
        _ task: NeuronStepTask<Float>, _ shape: HiddenStatesShape, _ sample: Int, group: Int
    ) {
        let lane = 16 &* group
        let firstRow = sample &* task.rowStride
        let instrument = HiddenStatesInstrument(entries: task.instruments + lane, shape: shape)
        let exists = Group.mask(bits: existingLanes(task.neuronCount, group))
        let states = StateWeights(base: task.scratch)
        let next = StateWeights(base: task.scratch + 16 &* shape.stateCount)
        states.begin(task.memoryBefore, shape, sample: sample, lane: lane)
        for step in 0..<task.stepCount {
            let row = firstRow &+ step
            let input = InputForms(Group.load(task.currents + row &* tileWidth + lane))
            let (silent, firing) = instrument.apply(input, to: states, next)
            let random = task.randomWords + step &* tileWidth + lane
            // A spike that has no chance is never drawn, nor silence that has none.
            let spike = Group.isLess(Group.uniform(random) * (silent + firing), firing)
            markSpikes(spike, random)
            firing.storeIfWanted(task.firingProbabilities, row &* tileWidth + lane)
            if let sums = task.rowSums { addToRowSums(firing.keep(where: exists), sums + 32 &* row) }
            states.collapse(
                next, spike: spike, total: firing.select(where: spike, otherwise: silent), shape)
        }
        states.leave(task.memoryAfter, shape, sample: sample, lane: lane)
    }

    public static func likelihoodHiddenStates(_ task: LikelihoodTask<Float>, _ shape: HiddenStatesShape) {
        for sample in 0..<task.sampleCount {
            for group in 0..<(task.neuronCount + 15) / 16 {
                followHiddenGroup(task, shape, sample, group: group)
            }
        }
    }

    @inline(__always)
    private static func followHiddenGroup(
        _ task: LikelihoodTask<Float>, _ shape: HiddenStatesShape, _ sample: Int, group: Int
    ) {
        let lane = 16 &* group
        let firstRow = sample &* task.rowStride
        let instrument = HiddenStatesInstrument(entries: task.instruments + lane, shape: shape)
        let states = StateWeights(base: task.scratch)
        let next = StateWeights(base: task.scratch + 16 &* shape.stateCount)
        states.begin(task.memoryBefore, shape, sample: sample, lane: lane)
        for step in 0..<task.stepCount {
            let row = firstRow &+ step
            let input = InputForms(Group.load(task.currents + row &* tileWidth + lane))
            let (silent, firing) = instrument.apply(input, to: states, next)
            let spike = Group.mask(bits: task.spikes[row &* task.wordsPerRow] &>> UInt64(lane))
            let likelihood = firing.select(where: spike, otherwise: silent)
            likelihood.store(task.likelihoods + row &* tileWidth + lane)
            states.collapse(next, spike: spike, total: likelihood, shape)
        }
        states.leave(task.memoryAfter, shape, sample: sample, lane: lane)
    }
}

extension Group {
    @inline(__always) fileprivate func storeIfWanted(_ target: UnsafeMutablePointer<Float>?, _ place: Int) {
        if let target { store(target + place) }
    }
}
