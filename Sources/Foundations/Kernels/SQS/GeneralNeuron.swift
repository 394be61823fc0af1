import KernelTasks

extension CompiledKernels {
    public static func stepGeneral(_ task: NeuronStepTask<Float>) {
        stepGeneral(task, ComplexAmplitude<Group>.self)
    }

    public static func stepGeneral(_ task: NeuronStepTask<Double>) {
        stepGeneral(task, ComplexAmplitude<SIMD8<Double>>.self)
    }

    public static func stepGeneralRealGauge(_ task: NeuronStepTask<Float>) {
        stepGeneral(task, RealAmplitude<Group>.self)
    }

    /// Equations (4)–(8) for any circuit.
    @inline(never)
    private static func stepGeneral<Number: Amplitude>(
        _ task: NeuronStepTask<Number.Vector.Real>, _: Number.Type
    ) {
        let machine = GeneralMachine<Number>(NeuronShape(task), recordsPerSample: 1, scratch: task.scratch)
        let blockLength = GeneralKernelLayout.samplesPerBlock
        var first = 0
        while first < task.sampleCount {
            stepBlock(task, machine, first, count: min(blockLength, task.sampleCount &- first))
            first &+= blockLength
        }
    }

    /// Some samples at once: an instrument is then loaded once for all of them, and one sample's long chain of
    /// dependent operations runs beside the others'.
    @inline(__always)
    private static func stepBlock<Number: Amplitude>(
        _ task: NeuronStepTask<Number.Vector.Real>, _ machine: GeneralMachine<Number>, _ first: Int,
        count: Int
    ) {
        let width = Number.Vector.width
        let firstRow = first &* task.rowStride
        beginBlock(task, first, count: count)
        let marks = machine.rest(sampleCount: GeneralKernelLayout.samplesPerBlock)
        let marksPerSample = task.stepCount &* task.ioQubits &* width
        for group in 0..<(task.neuronCount &+ width &- 1) / width {
            let lane = width &* group
            machine.loadInstrument(task.instruments, lane: lane)
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
                    let index = sample &* task.stepCount &+ step
                    fire(
                        task, machine.record(sample: sample),
                        row: firstRow &+ sample &* task.rowStride &+ step, group: group,
                        words: task.randomWords + index &* tileWidth + lane,
                        marks: RealLanes(base: marks + index &* task.ioQubits &* width))
                }
            }
            for sample in 0..<count {
                machine.record(sample: sample).leaveMemory(
                    task.memoryAfter, sample: first &+ sample, group: group)
                mergeMarks(
                    UnsafeRawPointer(marks + sample &* marksPerSample), task, sample: first &+ sample,
                    lane: lane, existing: existingLanes(task.neuronCount, group, width: width))
            }
        }
    }

    /// Measures, draws the spikes and collapses the memory of one group.
    @inline(__always)
    private static func fire<Number: Amplitude>(
        _ task: NeuronStepTask<Number.Vector.Real>, _ record: GeneralRecord<Number>, row: Int,
        group: Int, words: UnsafePointer<UInt32>, marks: RealLanes<Number.Vector>
    ) {
        record.measure()
        for channel in 0..<record.shape.ioQubits { marks[channel] = Number.Vector(all: 0) }
        let weights = record.patternWeights
        weights.tellFiring(task, row: row, group: group)
        weights.accumulate()
        let threshold = Number.Vector.uniform(words) * record.norm
        record.collapse(to: record) { weights.draw($0, below: threshold, marks) }
        if task.forgets { record.resetMemory() }
    }
}
