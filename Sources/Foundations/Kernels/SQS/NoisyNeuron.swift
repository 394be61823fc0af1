import KernelTasks

extension CompiledKernels {
    public static func stepNoisy(_ task: NeuronStepTask<Float>, _ embedding: NoisyEmbedding<Float>) {
        stepNoisy(task, embedding, Group.self)
    }

    public static func stepNoisy(_ task: NeuronStepTask<Double>, _ embedding: NoisyEmbedding<Double>) {
        stepNoisy(task, embedding, SIMD8<Double>.self)
    }

    /// Equations (4)–(8) for any circuit on a noisy device.
    @inline(never)
    private static func stepNoisy<Vector: Lanes>(
        _ task: NeuronStepTask<Vector.Real>, _ embedding: NoisyEmbedding<Vector.Real>, _: Vector.Type
    ) {
        let machine = NoisyMachine<Vector>(
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
        _ task: NeuronStepTask<Vector.Real>, _ embedding: NoisyEmbedding<Vector.Real>,
        _ machine: NoisyMachine<Vector>, _ first: Int, count: Int
    ) {
        let firstRow = first &* task.rowStride
        beginBlock(task, first, count: count)
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
                mergeMarks(
                    UnsafeRawPointer(machine.rest + sample &* marksPerSample), task,
                    sample: first &+ sample, lane: lane,
                    existing: existingLanes(task.neuronCount, group, width: Vector.width))
            }
        }
    }

    /// Measures, draws the spikes and collapses the memory of one group.
    @inline(__always)
    private static func fire<Vector: Lanes>(
        _ task: NeuronStepTask<Vector.Real>, _ record: NoisyRecord<Vector>, row: Int, group: Int,
        words: UnsafePointer<UInt32>, marks: RealLanes<Vector>
    ) {
        let weights = record.measure()
        for channel in 0..<record.shape.ioQubits { marks[channel] = Vector(all: 0) }
        weights.tellFiring(task, row: row, group: group)
        weights.accumulate()
        let threshold = Vector.uniform(words) * weights.total
        record.collapse(to: record) { weights.draw($0, below: threshold, marks) }
    }
}
