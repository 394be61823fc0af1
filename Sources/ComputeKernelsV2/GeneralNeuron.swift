import ComputeKernels

extension Kernels {
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
        for sample in 0..<count {
            drawWords(of: first &+ sample, task, place: sample)
            let row = firstRow &+ sample &* task.rowStride
            for row in row..<row &+ task.stepCount {
                for channel in 0..<task.ioQubits { task.spikes[row &* task.wordsPerRow &+ channel] = 0 }
                if let sums = task.rowSums { clearRowSums(sums + 32 &* row) }
            }
        }
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
                let row = firstRow &+ sample &* task.rowStride
                mergeMarks(
                    UnsafeRawPointer(marks + sample &* marksPerSample), rowCount: task.stepCount,
                    channelCount: task.ioQubits, lane: lane,
                    existing: existingLanes(task.neuronCount, group, width: width),
                    to: task.spikes + row &* task.wordsPerRow, wordsPerRow: task.wordsPerRow)
            }
        }
    }

    /// Measures, draws the spikes and collapses the memory of one group.
    @inline(__always)
    private static func fire<Number: Amplitude>(
        _ task: NeuronStepTask<Number.Vector.Real>, _ record: GeneralRecord<Number>, row: Int,
        group: Int, words: UnsafePointer<UInt32>, marks: RealLanes<Number.Vector>
    ) {
        typealias Vector = Number.Vector
        let shape = record.shape
        let lane = Vector.width &* group
        record.measure()
        for channel in 0..<shape.ioQubits { marks[channel] = Vector(all: 0) }
        if task.firingProbabilities != nil || task.rowSums != nil {
            let share = record.norm.reciprocal
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
        let threshold = Vector.uniform(words) * record.norm
        record.collapse(to: record) { pattern in
            let isPattern = Vector.isLess(threshold, record.weights[pattern])
            for channel in 0..<shape.ioQubits {
                let mark = shape.isOne(pattern, channel) ? Vector.laneMarks : Vector(all: 0)
                marks[channel] = mark.select(where: isPattern, otherwise: marks[channel])
            }
            return isPattern
        }
        if task.forgets { record.resetMemory() }
    }
}

/// Adds the spikes of a group to the words of its tile. Each row and channel has 64 bytes of `marks`, which
/// hold bit i in lane i where neuron i of the group fired.
///
/// Packing them in the step itself would take single lanes out of a mask, and the optimiser would then compute
/// everything before it lane by lane.
@inline(never)
private func mergeMarks(
    _ marks: UnsafeRawPointer, rowCount: Int, channelCount: Int, lane: Int, existing: UInt64,
    to spikes: UnsafeMutablePointer<UInt64>, wordsPerRow: Int
) {
    for row in 0..<rowCount {
        for channel in 0..<channelCount {
            let slot = marks + (row &* channelCount &+ channel) &* 64
            let pairs = slot.loadUnaligned(as: Longs.self)
            let quarter = pairs.lowHalf | pairs.highHalf
            let eighth = quarter.lowHalf | quarter.highHalf
            let last = eighth[0] | eighth[1]
            spikes[row &* wordsPerRow &+ channel] |=
                ((last | last &>> 32) & existing) &<< UInt64(lane)
        }
    }
}
