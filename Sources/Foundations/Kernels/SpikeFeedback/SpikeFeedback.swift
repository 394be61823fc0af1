import KernelTasks

/// Words of a tile's last spikes, the last first.
private struct SpikeHistory {
    private var words = InlineArray<32, UInt64>(repeating: 0)
    let count: Int

    /// None at step 0, what was carried otherwise.
    @inline(__always) init(_ carried: UnsafePointer<Float>?, count: Int, sample: Int) {
        self.count = count
        guard let carried else { return }
        let size = SpikeFeedbackLayout.carriedSize(history: count)
        let source = UnsafeRawPointer(carried + sample &* size)
        for place in 0..<count { words[place] = source.load(fromByteOffset: 8 &* place, as: UInt64.self) }
    }

    @inline(__always) subscript(_ place: Int) -> UInt64 { words[place] }

    @inline(__always) mutating func append(_ word: UInt64) {
        var place = count &- 1
        while place > 0 {
            words[place] = words[place &- 1]
            place &-= 1
        }
        words[0] = word
    }

    @inline(__always) func carry(to carried: UnsafeMutablePointer<Float>?, sample: Int) {
        guard let carried else { return }
        let size = SpikeFeedbackLayout.carriedSize(history: count)
        let target = UnsafeMutableRawPointer(carried + sample &* size)
        for place in 0..<count {
            target.storeBytes(of: words[place], toByteOffset: 8 &* place, as: UInt64.self)
        }
    }

    /// The turn of sixteen neurons: their current, the constant, and the feedback of those that fired.
    @inline(__always)
    func turns(_ angles: UnsafePointer<Float>, _ currents: UnsafePointer<Float>, lane: Int) -> Group {
        var turns = Group.load(currents).positivePart + Group.load(angles + lane)
        for place in 0..<count {
            let fired = Group.mask(bits: words[place] &>> UInt64(lane))
            turns = turns + Group.load(angles + (1 &+ place) &* tileWidth + lane).keep(where: fired)
        }
        return turns
    }
}

extension CompiledKernels {
    /// p_t = sin²((φ_t + θ_mem + θ_in + Σ_l s_{t−l} θ_ent,l)/2): the control neuron that is fed back its own last
    /// spikes. Angles are in units of π, so that the half angle is a number of quarter turns.
    public static func stepSpikeFeedback(_ task: NeuronStepTask<Float>, history count: Int) {
        let groups = (task.neuronCount + 15) / 16
        for sample in 0..<task.sampleCount {
            drawWords(of: sample, task)
            let firstRow = sample &* task.rowStride
            var history = SpikeHistory(task.memoryBefore, count: count, sample: sample)
            for step in 0..<task.stepCount {
                let row = firstRow &+ step
                var word: UInt64 = 0
                if let sums = task.rowSums { clearRowSums(sums + 32 &* row) }
                for group in 0..<groups {
                    let lane = 16 &* group
                    let exists = existingLanes(task.neuronCount, group)
                    let turns = history.turns(
                        task.instruments, task.currents + row &* tileWidth + lane, lane: lane)
                    let sine = turns.sineCosineOfQuarterTurns.sine
                    let firing = sine * sine
                    let random = Group.uniform(task.randomWords + step &* tileWidth + lane)
                    word |= (Group.bits(Group.isLess(random, firing)) & exists) &<< UInt64(lane)
                    if let probabilities = task.firingProbabilities {
                        firing.store(probabilities + row &* tileWidth + lane)
                    }
                    if let sums = task.rowSums {
                        addToRowSums(firing.keep(where: Group.mask(bits: exists)), sums + 32 &* row)
                    }
                }
                task.spikes[row &* task.wordsPerRow] = word
                history.append(word)
            }
            history.carry(to: task.memoryAfter, sample: sample)
        }
    }

    public static func likelihoodSpikeFeedback(_ task: LikelihoodTask<Float>, history count: Int) {
        for sample in 0..<task.sampleCount {
            var history = SpikeHistory(task.memoryBefore, count: count, sample: sample)
            for step in 0..<task.stepCount {
                let row = sample &* task.rowStride &+ step
                let word = task.spikes[row &* task.wordsPerRow]
                for group in 0..<(task.neuronCount &+ 15) / 16 {
                    let lane = 16 &* group
                    let turns = history.turns(
                        task.instruments, task.currents + row &* tileWidth + lane, lane: lane)
                    let (sine, cosine) = turns.sineCosineOfQuarterTurns
                    let spike = Group.mask(bits: word &>> UInt64(lane))
                    (sine * sine).select(where: spike, otherwise: cosine * cosine)
                        .store(task.likelihoods + row &* tileWidth + lane)
                }
                history.append(word)
            }
            history.carry(to: task.memoryAfter, sample: sample)
        }
    }

    /// Reverse of ``stepSpikeFeedback(_:history:)`` along the recorded spikes. With credit, the error of a spike has also what it does to
    /// the next k firing probabilities: a difference, not a derivative, because a spike is 0 or 1.
    public static func adjointSpikeFeedback(_ task: NeuronAdjointTask<Float>, history count: Int) {
        for sample in 0..<task.sampleCount {
            for group in 0..<(task.neuronCount + 15) / 16 {
                reverseFeedbackGroup(task, count, sample, lane: 16 &* group)
            }
        }
    }

    @inline(__always)
    private static func reverseFeedbackGroup(
        _ task: NeuronAdjointTask<Float>, _ count: Int, _ sample: Int, lane: Int
    ) {
        let firstRow = sample &* task.rowStride
        let angles = task.instruments + lane
        let gradient = task.instrumentGradient + lane
        let carried = task.memoryErrors.map {
            $0 + sample &* SpikeFeedbackLayout.carriedSize(history: count) + lane
        }
        // What the steps that are done have from each of the spikes before them, the last first.
        let effects = task.scratch
        for place in 0..<count {
            (carried.map { Group.load($0 + place &* tileWidth) } ?? Group()).store(effects + 16 &* place)
        }
        var step = task.stepCount
        while step > 0 {
            step &-= 1
            let row = firstRow &+ step
            // Spikes of this sample before the window are in the rows before it.
            let known = min(count, task.firstStep &+ step)
            let current = Group.load(task.currents + row &* tileWidth + lane)
            var turns = current.positivePart + Group.load(angles)
            for place in 0..<known {
                turns =
                    turns
                    + Group.load(angles + (1 &+ place) &* tileWidth).keep(
                        where: fired(task, row, place, lane))
            }
            let (sine, cosine) = turns.sineCosineOfQuarterTurns
            let firing = sine * sine
            let place = task.errors + row &* tileWidth + lane
            let error = task.creditsOwnSpikes ? Group.load(place) + Group.load(effects) : Group.load(place)
            let adjoint = firingAdjoint(task, error, firing, row: row)
            // ∂ sin²(π/2 · h)/∂h = π sin cos
            let turnAdjoint = adjoint * sine * cosine * Group(all: .pi)
            (Group.load(gradient) + turnAdjoint).store(gradient)
            for place in 0..<count {
                let later = place &+ 1 < count ? Group.load(effects + 16 &* (place &+ 1)) : Group()
                guard place < known else {
                    later.store(effects + 16 &* place)
                    continue
                }
                let isFired = fired(task, row, place, lane)
                let angle = Group.load(angles + (1 &+ place) &* tileWidth)
                let sum = gradient + (1 &+ place) &* tileWidth
                (Group.load(sum) + turnAdjoint.keep(where: isFired)).store(sum)
                let other = (turns - angle).select(where: isFired, otherwise: turns + angle)
                    .sineCosineOfQuarterTurns.sine
                let difference = (firing - other * other)
                let effect = difference.select(where: isFired, otherwise: Group() - difference)
                (later + adjoint * effect).store(effects + 16 &* place)
            }
            turnAdjoint.keep(where: Group.isPositive(current)).store(place)
        }
        guard let carried else { return }
        for place in 0..<count { Group.load(effects + 16 &* place).store(carried + place &* tileWidth) }
    }

    /// Which of sixteen neurons fired `place + 1` steps before a row.
    @inline(__always)
    private static func fired(
        _ task: NeuronAdjointTask<Float>, _ row: Int, _ place: Int, _ lane: Int
    ) -> Words {
        Group.mask(bits: task.spikes[(row &- 1 &- place) &* task.wordsPerRow] &>> UInt64(lane))
    }
}
