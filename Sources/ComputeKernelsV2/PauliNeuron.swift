import ComputeKernels

extension Kernels {
    public static func stepPauli(_ task: NeuronStepTask<Float>, _ embedding: PauliEmbedding<Float>) {
        stepPauli(task, embedding, Group.self)
    }

    public static func stepPauli(_ task: NeuronStepTask<Double>, _ embedding: PauliEmbedding<Double>) {
        stepPauli(task, embedding, SIMD8<Double>.self)
    }

    /// Equations (4)–(8) for any circuit on a noisy device.
    @inline(never)
    private static func stepPauli<Vector: Lanes>(
        _ task: NeuronStepTask<Vector.Real>, _ embedding: PauliEmbedding<Vector.Real>, _: Vector.Type
    ) {
        let machine = PauliMachine<Vector>(
            NeuronShape(task), embedding.layout, recordsPerSample: 1, scratch: task.scratch)
        let blockLength = embedding.layout.samplesPerBlock
        var first = 0
        while first < task.sampleCount {
            stepBlock(
                task, embedding, machine, first, count: min(blockLength, task.sampleCount &- first))
            first &+= blockLength
        }
    }

    /// Some samples at once: a map is then loaded once for all of them.
    @inline(__always)
    private static func stepBlock<Vector: Lanes>(
        _ task: NeuronStepTask<Vector.Real>, _ embedding: PauliEmbedding<Vector.Real>,
        _ machine: PauliMachine<Vector>, _ first: Int, count: Int
    ) {
        let firstRow = first &* task.rowStride
        for sample in 0..<count {
            drawWords(of: first &+ sample, task, place: sample)
            let row = firstRow &+ sample &* task.rowStride
            for row in row..<row &+ task.stepCount {
                for channel in 0..<task.ioQubits { task.spikes[row &* task.wordsPerRow &+ channel] = 0 }
                if let sums = task.rowSums { clearRowSums(sums + 32 &* row) }
            }
        }
        let marksPerSample = task.stepCount &* task.ioQubits &* Vector.width
        for group in 0..<(task.neuronCount &+ Vector.width &- 1) / Vector.width {
            let lane = Vector.width &* group
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
                    let index = sample &* task.stepCount &+ step
                    fire(
                        task, machine.record(sample: sample),
                        row: firstRow &+ sample &* task.rowStride &+ step, group: group,
                        words: task.randomWords + index &* tileWidth + lane,
                        marks: RealLanes(base: machine.rest + index &* task.ioQubits &* Vector.width))
                }
            }
            for sample in 0..<count {
                machine.record(sample: sample).leaveMemory(
                    task.memoryAfter, sample: first &+ sample, group: group)
                let row = firstRow &+ sample &* task.rowStride
                mergeMarks(
                    UnsafeRawPointer(machine.rest + sample &* marksPerSample), rowCount: task.stepCount,
                    channelCount: task.ioQubits, lane: lane,
                    existing: existingLanes(task.neuronCount, group, width: Vector.width),
                    to: task.spikes + row &* task.wordsPerRow, wordsPerRow: task.wordsPerRow)
            }
        }
    }

    /// Measures, draws the spikes and collapses the memory of one group.
    @inline(__always)
    private static func fire<Vector: Lanes>(
        _ task: NeuronStepTask<Vector.Real>, _ record: PauliRecord<Vector>, row: Int, group: Int,
        words: UnsafePointer<UInt32>, marks: RealLanes<Vector>
    ) {
        let shape = record.shape
        let lane = Vector.width &* group
        let total = record.measure()
        for channel in 0..<shape.ioQubits { marks[channel] = Vector(all: 0) }
        if task.firingProbabilities != nil || task.rowSums != nil {
            let share = total.reciprocal
            let exists = Vector.mask(bits: existingLanes(task.neuronCount, group, width: Vector.width))
            for channel in 0..<shape.ioQubits {
                let firing = record.firingWeight(channel) * share
                if let probabilities = task.firingProbabilities {
                    firing.store(probabilities + channel &* task.channelStride + row &* tileWidth + lane)
                }
                if let sums = task.rowSums { addToRowSums(firing.keep(where: exists), sums + 32 &* row) }
            }
        }
        // Inverse of the cumulative distribution, from the pattern of all ones downwards, so that a
        // single channel fires where the random number is below its firing probability.
        var pattern = shape.patternCount &- 2
        while pattern > 0 {
            record.weights[pattern] = record.weights[pattern &+ 1] + record.weights[pattern]
            pattern &-= 1
        }
        let threshold = Vector.uniform(words) * total
        record.collapse(to: record) { pattern in
            let isPattern = Vector.isLess(threshold, record.weights[pattern])
            for channel in 0..<shape.ioQubits {
                let mark = shape.isOne(pattern, channel) ? Vector.laneMarks : Vector(all: 0)
                marks[channel] = mark.select(where: isPattern, otherwise: marks[channel])
            }
            return isPattern
        }
    }
}
