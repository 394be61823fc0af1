import KernelTasks

extension CompiledKernels {
    public static func likelihoodRealGauge(_ task: LikelihoodTask<Float>) {
        for sample in 0..<task.sampleCount {
            for group in 0..<(task.neuronCount + 15) / 16 { followRealGroup(task, sample, group: group) }
        }
    }

    @inline(__always)
    private static func followRealGroup(_ task: LikelihoodTask<Float>, _ sample: Int, group: Int) {
        let lane = 16 &* group
        let firstRow = sample &* task.rowStride
        let instrument = RealInstrument(entries: task.instruments + lane)
        let forgotten = Words(repeating: task.forgets ? ~0 : 0)
        var memory = RealMemory(task.memoryBefore, sample: sample, lane: lane)
        for step in 0..<task.stepCount {
            let row = firstRow &+ step
            let current = Group.load(task.currents + row &* tileWidth + lane)
            let (sine, cosine) = current.positivePart.sineCosineOfQuarterTurns
            let after = instrument.apply(memory.embedded(cosine: cosine, sine: sine))
            let spike = Group.mask(bits: task.spikes[row &* task.wordsPerRow] &>> UInt64(lane))
            let keptUpper = after.third.select(where: spike, otherwise: after.first)
            let keptLower = after.fourth.select(where: spike, otherwise: after.second)
            let weight = keptUpper * keptUpper + keptLower * keptLower
            (weight * memory.norm.safeReciprocal).store(task.likelihoods + row &* tileWidth + lane)
            memory = RealMemory.collapsed(keptUpper, keptLower).memory.cleared(where: forgotten)
        }
        memory.carry(to: task.memoryAfter, sample: sample, lane: lane)
    }

    public static func likelihoodGeneral(_ task: LikelihoodTask<Float>) {
        followGeneral(task, ComplexAmplitude<Group>.self)
    }

    public static func likelihoodGeneralRealGauge(_ task: LikelihoodTask<Float>) {
        followGeneral(task, RealAmplitude<Group>.self)
    }

    @inline(never)
    private static func followGeneral<Number: Amplitude>(
        _ task: LikelihoodTask<Number.Vector.Real>, _: Number.Type
    ) {
        let machine = GeneralMachine<Number>(
            NeuronShape(ioQubits: task.ioQubits, memoryQubits: task.memoryQubits), recordsPerSample: 1,
            scratch: task.scratch)
        let width = Number.Vector.width
        for group in 0..<(task.neuronCount &+ width &- 1) / width {
            machine.loadInstrument(task.instruments, lane: width &* group)
            var first = 0
            while first < task.sampleCount {
                let count = min(GeneralKernelLayout.samplesPerBlock, task.sampleCount &- first)
                followBlock(task, machine, first, count: count, group: group)
                first &+= count
            }
        }
    }

    @inline(__always)
    private static func followBlock<Number: Amplitude>(
        _ task: LikelihoodTask<Number.Vector.Real>, _ machine: GeneralMachine<Number>, _ first: Int,
        count: Int, group: Int
    ) {
        typealias Vector = Number.Vector
        let lane = Vector.width &* group
        let firstRow = first &* task.rowStride
        for sample in 0..<count {
            machine.record(sample: sample).beginMemory(
                task.memoryBefore, sample: first &+ sample, group: group)
        }
        for step in 0..<task.stepCount {
            for sample in 0..<count {
                let row = firstRow &+ sample &* task.rowStride &+ step
                machine.record(sample: sample).embed(
                    task.currents + row &* tileWidth + lane, stride: task.channelStride)
            }
            machine.transform(sampleCount: count)
            for sample in 0..<count {
                let row = firstRow &+ sample &* task.rowStride &+ step
                let words = task.spikes + row &* task.wordsPerRow
                let record = machine.record(sample: sample)
                let share = record.norm.safeReciprocal
                let weight = record.collapse(to: record) { pattern in
                    recorded(pattern, words, lane: lane, machine.shape, Vector.self)
                }
                (weight * share).store(task.likelihoods + row &* tileWidth + lane)
                if task.forgets { record.resetMemory() }
            }
        }
        for sample in 0..<count {
            machine.record(sample: sample).leaveMemory(
                task.memoryAfter, sample: first &+ sample, group: group)
        }
    }

    @inline(never)
    public static func likelihoodNoisy(_ task: LikelihoodTask<Float>, _ embedding: NoisyEmbedding<Float>) {
        let shape = NeuronShape(ioQubits: task.ioQubits, memoryQubits: task.memoryQubits)
        let machine = NoisyMachine<Group>(
            shape, embedding.layout, recordsPerSample: 1, scratch: task.scratch)
        for group in 0..<(task.neuronCount &+ 15) / 16 {
            var first = 0
            while first < task.sampleCount {
                let count = min(embedding.layout.samplesPerBlock, task.sampleCount &- first)
                followBlock(task, embedding, machine, first, count: count, group: group)
                first &+= count
            }
        }
    }

    @inline(__always)
    private static func followBlock(
        _ task: LikelihoodTask<Float>, _ embedding: NoisyEmbedding<Float>, _ machine: NoisyMachine<Group>,
        _ first: Int, count: Int, group: Int
    ) {
        let lane = 16 &* group
        let firstRow = first &* task.rowStride
        let maps = task.instruments + machine.place(ofGroup: group)
        for sample in 0..<count {
            machine.record(sample: sample).beginMemory(
                task.memoryBefore, sample: first &+ sample, group: group)
        }
        for step in 0..<task.stepCount {
            for sample in 0..<count {
                let row = firstRow &+ sample &* task.rowStride &+ step
                machine.record(sample: sample).embed(
                    task.currents + row &* tileWidth + lane, stride: task.channelStride, embedding)
            }
            machine.transform(maps, sampleCount: count)
            for sample in 0..<count {
                let row = firstRow &+ sample &* task.rowStride &+ step
                let words = task.spikes + row &* task.wordsPerRow
                let record = machine.record(sample: sample)
                // What is at most rounding error counts as impossible, as where spikes are drawn.
                let floor = record.memory[0] * Group(all: 128 * Float.ulpOfOne)
                let share = record.measure().total.safeReciprocal
                let weight = record.collapse(to: record) { pattern in
                    recorded(pattern, words, lane: lane, machine.shape, Group.self)
                }
                (weight.keep(where: Group.isLess(floor, weight)) * share)
                    .store(task.likelihoods + row &* tileWidth + lane)
            }
        }
        for sample in 0..<count {
            machine.record(sample: sample).leaveMemory(
                task.memoryAfter, sample: first &+ sample, group: group)
        }
    }

    public static func countShots(_ task: ShotTask) {
        for step in 0..<task.stepCount {
            for group in 0..<4 { Group().store(task.counts + step &* tileWidth + 16 &* group) }
        }
        let forgiving = Words(repeating: task.isPostselected ? 0 : ~0)
        for shot in 0..<task.shotCount {
            drawWords(
                RandomWordsTask(
                    words: task.randomWords, firstStep: task.firstStep, stepCount: task.stepCount,
                    tile: task.tile &+ shot &* task.tileCount, key: task.key, sample: task.sample,
                    tag: task.tag))
            for group in 0..<4 {
                var running = Words(repeating: ~0)
                for step in 0..<task.stepCount {
                    let place = step &* tileWidth &+ 16 &* group
                    let isGiven = Group.isLess(
                        Group.uniform(task.randomWords + place), Group.load(task.probabilities + place))
                    let hit = running & isGiven
                    let counts = Group.load(task.counts + place)
                    (counts + Group(all: 1).keep(where: hit)).store(task.counts + place)
                    running = hit | forgiving
                }
            }
        }
    }

    public static func addSigned(_ task: SignedAdditionTask) {
        let value = Group(all: task.value)
        let sign = Words(repeating: 0x8000_0000)
        for word in 0..<task.wordCount {
            let bits = task.signs[word]
            for group in 0..<4 {
                let isPlus = Group.mask(bits: bits &>> UInt64(16 &* group))
                let signed = unsafeBitCast(value.bitPattern ^ (sign & ~isPlus), to: Group.self)
                let sums = task.sums + (64 &* word &+ 16 &* group)
                (Group.load(sums) + signed).store(sums)
            }
        }
    }
}
