import KernelTasks

/// What sixteen neurons with a hidden bit do at one current, bit by bit.
private struct BitLaw {
    /// Of a neuron whose bit is 0 and 1: a spike, silence, and the bit 1 at the next step.
    let firing: (Group, Group)
    let silent: (Group, Group)
    let next: (Group, Group)

    /// - Parameter numbers: a, b, c, d and e of the neurons, `[5][64]`.
    @inline(__always) init(_ numbers: UnsafePointer<Float>, _ current: Group) {
        @inline(__always) func number(_ index: Int) -> Group { Group.load(numbers + index &* tileWidth) }
        let spike = current + number(0)
        let bit = number(4) * current + number(2)
        let (first, second) = (spike.sigmoids, (spike + number(1)).sigmoids)
        firing = (first.up, second.up)
        silent = (first.down, second.down)
        next = (bit.sigmoids.up, (bit + number(3)).sigmoids.up)
    }

    /// Of a bit that is 1 with probability `share`: the probabilities of a spike and of silence.
    @inline(__always) func probabilities(_ share: Group) -> (firing: Group, silent: Group) {
        let rest = Group(all: 1) - share
        return (rest * firing.0 + share * firing.1, rest * silent.0 + share * silent.1)
    }

    /// The probability of the bit after a spike and after silence.
    @inline(__always)
    func after(_ share: Group, _ probabilities: (firing: Group, silent: Group)) -> (Group, Group) {
        let rest = Group(all: 1) - share
        let fired = rest * firing.0 * next.0 + share * firing.1 * next.1
        let kept = rest * silent.0 * next.0 + share * silent.1 * next.1
        return (
            fired * probabilities.firing.safeReciprocal, kept * probabilities.silent.safeReciprocal
        )
    }
}

extension Group {
    /// 1/(1 + exp(−self)) and 1/(1 + exp(self)), both to all their digits.
    @inline(__always) fileprivate var sigmoids: (up: Group, down: Group) {
        let fall = (Group() - magnitude).exponentialOfNegative
        let large = (Group(all: 1) + fall).reciprocal
        let small = fall * large
        let isUp = Group.isPositive(self)
        return (large.select(where: isUp, otherwise: small), small.select(where: isUp, otherwise: large))
    }
}

extension CompiledKernels {
    /// Neurons with one hidden bit: spike and next bit are independent given the bit and the current, each by a logistic curve. What is carried is
    /// the probability of the bit given the spikes so far, `[64]`.
    public static func stepHiddenBit(_ task: NeuronStepTask<Float>) {
        let groups = (task.neuronCount + 15) / 16
        for sample in 0..<task.sampleCount {
            drawWords(of: sample, task)
            let firstRow = sample &* task.rowStride
            if let sums = task.rowSums {
                for row in firstRow..<firstRow &+ task.stepCount { clearRowSums(sums + 32 &* row) }
            }
            for group in 0..<groups { stepBitGroup(task, sample, group: group) }
            packSpikes(
                task.randomWords, stepCount: task.stepCount, neuronCount: task.neuronCount,
                to: task.spikes + firstRow &* task.wordsPerRow, wordsPerRow: task.wordsPerRow)
        }
    }

    @inline(__always)
    private static func stepBitGroup(_ task: NeuronStepTask<Float>, _ sample: Int, group: Int) {
        let lane = 16 &* group
        let firstRow = sample &* task.rowStride
        let exists = Group.mask(bits: existingLanes(task.neuronCount, group))
        var share = task.memoryBefore.map { Group.load($0 + sample &* tileWidth + lane) } ?? Group()
        for step in 0..<task.stepCount {
            let place = (firstRow &+ step) &* tileWidth + lane
            let law = BitLaw(task.instruments + lane, Group.load(task.currents + place))
            let probabilities = law.probabilities(share)
            let random = task.randomWords + step &* tileWidth + lane
            let spike = Group.isLess(
                Group.uniform(random) * (probabilities.firing + probabilities.silent), probabilities.firing)
            markSpikes(spike, random)
            if let firing = task.firingProbabilities { probabilities.firing.store(firing + place) }
            if let sums = task.rowSums {
                addToRowSums(probabilities.firing.keep(where: exists), sums + 32 &* (firstRow &+ step))
            }
            let (fired, kept) = law.after(share, probabilities)
            share = fired.select(where: spike, otherwise: kept)
        }
        if let after = task.memoryAfter { share.store(after + sample &* tileWidth + lane) }
    }

    public static func likelihoodHiddenBit(_ task: LikelihoodTask<Float>) {
        for sample in 0..<task.sampleCount {
            for group in 0..<(task.neuronCount + 15) / 16 {
                let lane = 16 &* group
                var share = task.memoryBefore.map { Group.load($0 + sample &* tileWidth + lane) } ?? Group()
                for step in 0..<task.stepCount {
                    let row = sample &* task.rowStride &+ step
                    let place = row &* tileWidth + lane
                    let law = BitLaw(task.instruments + lane, Group.load(task.currents + place))
                    let probabilities = law.probabilities(share)
                    let spike = Group.mask(bits: task.spikes[row &* task.wordsPerRow] &>> UInt64(lane))
                    probabilities.firing.select(where: spike, otherwise: probabilities.silent)
                        .store(task.likelihoods + place)
                    let (fired, kept) = law.after(share, probabilities)
                    share = fired.select(where: spike, otherwise: kept)
                }
                if let after = task.memoryAfter { share.store(after + sample &* tileWidth + lane) }
            }
        }
    }

    /// Reverse of ``stepHiddenBit(_:)`` along the recorded spikes; `scratch` gets the bit's probability before each step, `[step][16]`.
    public static func adjointHiddenBit(_ task: NeuronAdjointTask<Float>) {
        for sample in 0..<task.sampleCount {
            for group in 0..<(task.neuronCount + 15) / 16 { reverseBitGroup(task, sample, lane: 16 &* group) }
        }
    }

    @inline(__always)
    private static func reverseBitGroup(_ task: NeuronAdjointTask<Float>, _ sample: Int, lane: Int) {
        let firstRow = sample &* task.rowStride
        // Under the regulariser, lanes past the last neuron have errors too; they must not reach their weights.
        let exists = Group.mask(bits: existingLanes(task.neuronCount, lane / 16))
        var share = task.memoryBefore.map { Group.load($0 + sample &* tileWidth + lane) } ?? Group()
        for step in 0..<task.stepCount {
            share.store(task.scratch + 16 &* step)
            let row = firstRow &+ step
            let law = BitLaw(
                task.instruments + lane, Group.load(task.currents + row &* tileWidth + lane))
            let spike = Group.mask(bits: task.spikes[row &* task.wordsPerRow] &>> UInt64(lane))
            let (fired, kept) = law.after(share, law.probabilities(share))
            share = fired.select(where: spike, otherwise: kept)
        }
        let gradient = task.instrumentGradient + lane
        @inline(__always) func add(_ value: Group, _ index: Int) {
            let target = gradient + index &* tileWidth
            (Group.load(target) + value).store(target)
        }
        let weight = Group.load(task.instruments + 4 &* tileWidth + lane)
        let carried = task.memoryErrors.map { $0 + sample &* tileWidth + lane }
        var error = carried.map { Group.load($0) } ?? Group()
        var step = task.stepCount
        while step > 0 {
            step &-= 1
            let row = firstRow &+ step
            let place = row &* tileWidth + lane
            let current = Group.load(task.currents + place)
            let law = BitLaw(task.instruments + lane, current)
            let share = Group.load(task.scratch + 16 &* step)
            let rest = Group(all: 1) - share
            let probabilities = law.probabilities(share)
            let (fired, kept) = law.after(share, probabilities)
            let spike = Group.mask(bits: task.spikes[row &* task.wordsPerRow] &>> UInt64(lane))
            var spikeError = Group.load(task.errors + place)
            if task.creditsOwnSpikes {
                let other = probabilities.silent.select(where: spike, otherwise: probabilities.firing)
                spikeError =
                    spikeError
                    + (error * (fired - kept)).keep(where: Group.isLess(Group(all: 0x1p-20), other))
            }
            let firingError = firingAdjoint(task, spikeError, probabilities.firing, row: row)
                .keep(where: exists)
            // The bit's probability after the recorded spike is Σ u_i g_i q_i / Σ u_i g_i, g_i being p_i or 1 − p_i.
            let after = fired.select(where: spike, otherwise: kept)
            let scale =
                error
                * probabilities.firing.select(where: spike, otherwise: probabilities.silent).safeReciprocal
            let given = (
                law.firing.0.select(where: spike, otherwise: law.silent.0),
                law.firing.1.select(where: spike, otherwise: law.silent.1)
            )
            let throughGiven = (scale * (law.next.0 - after), scale * (law.next.1 - after))
            let sign = Group(all: 1).select(where: spike, otherwise: Group(all: -1))
            // ∂L/∂(logit): of the spike p (1 − p), of the bit q (1 − q).
            let ofSpike = (
                rest * (firingError + sign * throughGiven.0) * law.firing.0 * law.silent.0,
                share * (firingError + sign * throughGiven.1) * law.firing.1 * law.silent.1
            )
            let ofBit = (
                scale * rest * given.0 * law.next.0 * (Group(all: 1) - law.next.0),
                scale * share * given.1 * law.next.1 * (Group(all: 1) - law.next.1)
            )
            let (spikeSum, bitSum) = (ofSpike.0 + ofSpike.1, ofBit.0 + ofBit.1)
            add(spikeSum, 0)
            add(ofSpike.1, 1)
            add(bitSum, 2)
            add(ofBit.1, 3)
            add(bitSum * current, 4)
            (spikeSum + bitSum * weight).store(task.errors + place)
            error =
                firingError * (law.firing.1 - law.firing.0)
                + (throughGiven.1 * given.1 - throughGiven.0 * given.0)
        }
        if let carried { error.store(carried) }
    }
}
