import KernelTasks

extension CompiledKernels {
    /// p_t = sin²((φ_t + θ_mem + θ_in + s_{t−1} θ_ent)/2): the control neuron that is fed back its own last
    /// spike. Angles are in units of π, so that the half angle is a number of quarter turns.
    public static func stepLastSpikeFeedback(_ task: NeuronStepTask<Float>) {
        let groups = (task.neuronCount + 15) / 16
        let size = CarriedMemory.size(memoryQubits: 0)
        for sample in 0..<task.sampleCount {
            drawWords(of: sample, task)
            let firstRow = sample &* task.rowStride
            let before = UnsafeRawPointer(task.memoryBefore.map { $0 + sample &* size })
            let after = UnsafeMutableRawPointer(task.memoryAfter.map { $0 + sample &* size })
            var last = before?.load(as: UInt64.self) ?? 0
            for step in 0..<task.stepCount {
                let row = firstRow &+ step
                var word: UInt64 = 0
                if let sums = task.rowSums { clearRowSums(sums + 32 &* row) }
                for group in 0..<groups {
                    let lane = 16 &* group
                    let exists = existingLanes(task.neuronCount, group)
                    let turns = feedbackTurns(
                        task.instruments + lane, task.currents + row &* tileWidth + lane,
                        last: Group.mask(bits: last &>> UInt64(lane)))
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
                last = word
            }
            after?.storeBytes(of: last, as: UInt64.self)
        }
    }

    public static func adjointLastSpikeFeedback(_ task: NeuronAdjointTask<Float>) {
        let groups = (task.neuronCount + 15) / 16
        for index in 0..<task.sampleCount &* task.stepCount {
            let (sample, step) = index.quotientAndRemainder(dividingBy: task.stepCount)
            let row = sample &* task.rowStride &+ step
            let isFirst = step == 0 && task.firstStep == 0
            let last = isFirst ? 0 : task.spikes[(row &- 1) &* task.wordsPerRow]
            for group in 0..<groups {
                let lane = 16 &* group
                let lastSpike = Group.mask(bits: last &>> UInt64(lane))
                let currents = task.currents + row &* tileWidth + lane
                let turns = feedbackTurns(task.instruments + lane, currents, last: lastSpike)
                let (sine, cosine) = turns.sineCosineOfQuarterTurns
                let firing = sine * sine
                let errors = task.errors + row &* tileWidth + lane
                let adjointOfFiring = firingAdjoint(task, Group.load(errors), firing, row: row)
                // ∂ sin²(π/2 · h)/∂h = π sin cos
                let turnAdjoint = adjointOfFiring * sine * cosine * Group(all: .pi)
                let constant = task.instrumentGradient + lane
                (Group.load(constant) + turnAdjoint).store(constant)
                let feedback = constant + tileWidth
                (Group.load(feedback) + turnAdjoint.keep(where: lastSpike)).store(feedback)
                turnAdjoint.keep(where: Group.isPositive(Group.load(currents))).store(errors)
            }
        }
    }

    @inline(__always)
    static func feedbackTurns(
        _ angles: UnsafePointer<Float>, _ currents: UnsafePointer<Float>, last: Words
    ) -> Group {
        Group.load(currents).positivePart + Group.load(angles)
            + Group.load(angles + tileWidth).keep(where: last)
    }
}
