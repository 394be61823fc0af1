import KernelTasks

/// The adjoint variables of one sample of noisy neurons between two steps.
private struct PauliAdjoint<Vector: Lanes> {
    let layout: NoisyLayout
    let base: UnsafeMutablePointer<Vector.Real>

    @inline(__always) private func lanes(_ register: Int) -> RealLanes<Vector> {
        RealLanes(base: base + register &* Vector.width)
    }

    /// ∂L/∂r of the memory after the step.
    @inline(__always) var memory: RealLanes<Vector> { lanes(0) }
    /// ∂L/∂(v ⊗ r)
    @inline(__always) var before: RealLanes<Vector> { lanes(layout.memoryCount) }
    /// Of each pattern but 0, ∂L/∂p / r_1; of 0, what is taken off ∂L/∂r_1.
    @inline(__always) var patterns: RealLanes<Vector> {
        lanes(layout.memoryCount &+ layout.columnCount)
    }
    /// ∂L/∂(products of forms)
    @inline(__always) private var products: RealLanes<Vector> {
        lanes(layout.memoryCount &+ layout.columnCount &+ layout.patternCount)
    }
    @inline(__always) private var contracted: RealLanes<Vector> {
        lanes(layout.memoryCount &+ layout.columnCount &+ layout.patternCount &+ layout.formCount)
    }

    /// Begins with the adjoint of the memory after the last step: 0 where nothing follows.
    @inline(__always) func begin(_ errors: UnsafePointer<Vector.Real>?, sample: Int, group: Int) {
        guard let errors else {
            for index in 0..<layout.memoryCount { memory[index] = Vector(all: 0) }
            return
        }
        let place = NoisyRecord<Vector>.carriedPlace(layout, sample: sample, group: group)
        base.update(from: errors + place, count: layout.memoryCount &* Vector.width)
    }

    @inline(__always) func leave(_ errors: UnsafeMutablePointer<Vector.Real>?, sample: Int, group: Int) {
        guard let errors else { return }
        let place = NoisyRecord<Vector>.carriedPlace(layout, sample: sample, group: group)
        (errors + place).update(from: base, count: layout.memoryCount &* Vector.width)
    }

    /// What later losses have from a spike rather than silence, of one channel: Λ·(r¹ − r⁰) with both memories normalised, Λ being
    /// ∂L/∂r along the recorded spikes. Of the recorded one Λ·r is 0, as nothing later depends on the length.
    @inline(__always)
    func effectOfSpike(_ record: NoisyRecord<Vector>, _ isSpike: Vector.Bits) -> Vector {
        var sum = Vector(all: 0)
        for index in 0..<layout.memoryCount {
            let silent = record.after[index]
            let firing = record.after[layout.memoryCount &+ index]
            sum = sum + memory[index] * silent.select(where: isSpike, otherwise: firing)
        }
        let weights = record.measure()
        let (silent, firing) = (weights.weights[0], weights.weights[1])
        let recorded = firing.select(where: isSpike, otherwise: silent)
        // 0 where the other spike could not have come.
        let other = silent.select(where: isSpike, otherwise: firing)
        let effect = sum * record.scale * recorded * other.safeReciprocal
        let signed = (Vector(all: 0) - effect).select(where: isSpike, otherwise: effect)
        return signed.keep(where: Vector.isPositive(other))
    }

    /// From the adjoints of the collapsed memory and of the pattern probabilities p(s) = (r_s)_1 / r_1 to that of
    /// `after = S (v ⊗ r)`, which it replaces. What the scale of the collapsed memory depends on does not matter, as nothing
    /// later depends on the length.
    @inline(__always)
    func reverseMeasurement(_ record: NoisyRecord<Vector>, _ isRecorded: (Int) -> Vector.Bits) {
        let scale = record.scale
        for index in 0..<layout.memoryCount { memory[index] = memory[index] * scale }
        for pattern in 0..<layout.patternCount {
            let mask = isRecorded(pattern)
            let first = pattern &* layout.memoryCount
            for index in 0..<layout.memoryCount {
                record.after[first &+ index] = memory[index].keep(where: mask)
            }
            if pattern > 0 { record.after[first] = record.after[first] + patterns[pattern] }
        }
    }

    /// From the adjoint of `v ⊗ r` to those of the memory and of the products of forms.
    @inline(__always)
    func reverseEmbedding(_ record: NoisyRecord<Vector>) {
        for index in 0..<layout.memoryCount { memory[index] = Vector(all: 0) }
        memory[0] = memory[0] - patterns[0]
        for form in 0..<layout.formCount {
            let factor = record.products[form]
            let first = form &* layout.memoryCount
            var sum = Vector(all: 0)
            for index in 0..<layout.memoryCount {
                let adjoint = before[first &+ index]
                memory[index] = memory[index] + adjoint * factor
                sum = sum + adjoint * record.memory[index]
            }
            products[form] = sum
        }
    }

    /// ∂L/∂z of each channel: the adjoint of the products, contracted with the forms of all other channels and with the
    /// slopes of this one.
    @inline(__always)
    func reverseForms(_ record: NoisyRecord<Vector>, _ store: (Int, Vector) -> Void) {
        let forms = layout.formsPerChannel
        var count = layout.formCount
        for channel in 0..<layout.ioQubits {
            // `products` begins with the forms of this channel: those before it are contracted.
            for index in 0..<count { contracted[index] = products[index] }
            var length = count
            var later = layout.ioQubits &- 1
            while later > channel {
                length = length / forms
                for index in 0..<length {
                    contracted[index] = sum(
                        contracted, from: forms &* index, stride: 1, record.forms, later)
                }
                later &-= 1
            }
            store(channel, sum(contracted, from: 0, stride: 1, record.slopes, channel))
            count = count / forms
            for index in 0..<count {
                products[index] = sum(products, from: index, stride: count, record.forms, channel)
            }
        }
    }

    /// Σ over the forms k of one channel of `values[from + k · stride]` times the channel's factor.
    @inline(__always)
    private func sum(
        _ values: RealLanes<Vector>, from first: Int, stride: Int, _ factors: RealLanes<Vector>,
        _ channel: Int
    ) -> Vector {
        var sum = values[first] * factors[channel &* layout.formsPerChannel]
        for form in 1..<layout.formsPerChannel {
            let factor = factors[channel &* layout.formsPerChannel &+ form]
            sum = sum + values[first &+ form &* stride] * factor
        }
        return sum
    }
}

extension CompiledKernels {
    public static func adjointNoisy(_ task: NeuronAdjointTask<Float>, _ embedding: NoisyEmbedding<Float>) {
        adjointNoisy(task, embedding, Group.self)
    }

    public static func adjointNoisy(
        _ task: NeuronAdjointTask<Double>, _ embedding: NoisyEmbedding<Double>
    ) {
        adjointNoisy(task, embedding, SIMD8<Double>.self)
    }

    @inline(never)
    private static func adjointNoisy<Vector: Lanes>(
        _ task: NeuronAdjointTask<Vector.Real>, _ embedding: NoisyEmbedding<Vector.Real>, _: Vector.Type
    ) {
        let machine = NoisyMachine<Vector>(
            NeuronShape(task), embedding.layout, recordsPerSample: task.stepCount &+ 1,
            scratch: task.scratch)
        for group in 0..<(task.neuronCount &+ Vector.width &- 1) / Vector.width {
            let place = machine.place(ofGroup: group)
            var first = 0
            while first < task.sampleCount {
                let count = min(embedding.layout.samplesPerBlock, task.sampleCount &- first)
                recompute(
                    task, embedding, machine, task.instruments + place, first, count: count, group: group)
                reverse(task, machine, task.instruments + place, first, count: count, group: group)
                machine.addOuterProducts(
                    sampleCount: count, stepCount: task.stepCount,
                    to: task.instrumentGradient + place)
                first &+= count
            }
        }
    }

    /// Fills the records of a block of samples along the recorded spikes.
    @inline(__always)
    private static func recompute<Vector: Lanes>(
        _ task: NeuronAdjointTask<Vector.Real>, _ embedding: NoisyEmbedding<Vector.Real>,
        _ machine: NoisyMachine<Vector>, _ maps: UnsafePointer<Vector.Real>, _ first: Int, count: Int,
        group: Int
    ) {
        let lane = Vector.width &* group
        let firstRow = first &* task.rowStride
        for sample in 0..<count {
            machine.record(sample: sample).beginMemory(
                task.memoryBefore, sample: first &+ sample, group: group)
        }
        for step in 0..<task.stepCount {
            for sample in 0..<count {
                let row = firstRow &+ sample &* task.rowStride &+ step
                machine.record(sample: sample, step: step).embed(
                    task.currents + row &* tileWidth + lane, stride: task.channelStride, embedding)
            }
            machine.transform(maps, sampleCount: count, step: step)
            for sample in 0..<count {
                let row = firstRow &+ sample &* task.rowStride &+ step
                let words = task.spikes + row &* task.wordsPerRow
                machine.record(sample: sample, step: step).collapse(
                    to: machine.record(sample: sample, step: step &+ 1)
                ) { pattern in recorded(pattern, words, lane: lane, machine.shape, Vector.self) }
            }
        }
    }

    /// Walks back through the records of a block of samples, leaving ∂L/∂(S (v ⊗ r)) in each.
    @inline(__always)
    private static func reverse<Vector: Lanes>(
        _ task: NeuronAdjointTask<Vector.Real>, _ machine: NoisyMachine<Vector>,
        _ maps: UnsafePointer<Vector.Real>, _ first: Int, count: Int, group: Int
    ) {
        let lane = Vector.width &* group
        let firstRow = first &* task.rowStride
        let (layout, adjoints) = (machine.layout, machine.rest)
        @inline(__always) func adjoint(_ sample: Int) -> PauliAdjoint<Vector> {
            PauliAdjoint(
                layout: layout, base: adjoints + sample &* layout.adjointSize &* Vector.width)
        }
        for sample in 0..<count {
            adjoint(sample).begin(task.memoryErrors, sample: first &+ sample, group: group)
        }
        var step = task.stepCount &- 1
        while step >= 0 {
            for sample in 0..<count {
                let row = firstRow &+ sample &* task.rowStride &+ step
                let record = machine.record(sample: sample, step: step)
                if task.creditsOwnSpikes {
                    let place = task.errors + row &* tileWidth + lane
                    let isSpike = Vector.mask(bits: task.spikes[row &* task.wordsPerRow] &>> UInt64(lane))
                    (Vector.load(place) + adjoint(sample).effectOfSpike(record, isSpike)).store(place)
                }
                reverseFiring(task, record, adjoint(sample), row: row, lane: lane)
                let words = task.spikes + row &* task.wordsPerRow
                adjoint(sample).reverseMeasurement(record) { pattern in
                    recorded(pattern, words, lane: lane, machine.shape, Vector.self)
                }
            }
            machine.transformBack(maps, sampleCount: count, step: step) { adjoint($0).before }
            for sample in 0..<count {
                let row = firstRow &+ sample &* task.rowStride &+ step
                let record = machine.record(sample: sample, step: step)
                adjoint(sample).reverseEmbedding(record)
                adjoint(sample).reverseForms(record) { channel, error in
                    error.store(task.errors + channel &* task.channelStride + row &* tileWidth + lane)
                }
            }
            step &-= 1
        }
        for sample in 0..<count {
            adjoint(sample).leave(task.memoryErrors, sample: first &+ sample, group: group)
        }
    }

    /// From ∂L/∂s of one row to ∂L/∂p of the patterns.
    @inline(__always)
    private static func reverseFiring<Vector: Lanes>(
        _ task: NeuronAdjointTask<Vector.Real>, _ record: NoisyRecord<Vector>,
        _ adjoint: PauliAdjoint<Vector>, row: Int, lane: Int
    ) {
        let weights = record.measure()
        weights.reverseFiring(
            task, row: row, lane: lane, slope: weights.total.reciprocal, to: adjoint.patterns)
    }
}
