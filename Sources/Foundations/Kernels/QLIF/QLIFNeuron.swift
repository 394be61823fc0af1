import KernelTasks

extension CompiledKernels {
    /// Quantum leaky integrate-and-fire neurons, (S1)–(S8) of arXiv:2506.21324, with sin² of φ/2 in (S4).
    public static func stepQLIF(_ task: NeuronStepTask<Float>, _ settings: QLIFSettings) {
        if settings.shots > 0 {
            step(task, settings, ShotReading.self)
        } else {
            step(task, settings, ExactReading.self)
        }
    }

    @inline(__always)
    private static func step<Reading: QubitReading>(
        _ task: NeuronStepTask<Float>, _ settings: QLIFSettings, _ reading: Reading.Type
    ) {
        let groups = (task.neuronCount + 15) / 16
        for sample in 0..<task.sampleCount {
            let firstRow = sample &* task.rowStride
            if settings.shots > 0 { drawWords(of: sample, task, count: settings.wordsPerStep) }
            if let sums = task.rowSums {
                for row in firstRow..<firstRow &+ task.stepCount { clearRowSums(sums + 32 &* row) }
            }
            for group in 0..<groups { stepGroup(task, settings, sample, group: group, reading) }
            packSpikes(
                task.randomWords, stepCount: task.stepCount, neuronCount: task.neuronCount,
                to: task.spikes + firstRow &* task.wordsPerRow, wordsPerRow: task.wordsPerRow)
        }
    }

    /// `[word][step][64]`; those after the first are the first words of tiles that no population has.
    private static func drawWords(of sample: Int, _ task: NeuronStepTask<Float>, count: Int) {
        for word in 0..<count {
            drawWords(
                RandomWordsTask(
                    words: task.randomWords + word &* task.stepCount &* tileWidth, firstStep: task.firstStep,
                    stepCount: task.stepCount, tile: task.tile &+ word &* QLIFSettings.tileLimit,
                    key: task.key, sample: task.samples[sample], tag: task.tag))
        }
    }

    @inline(__always)
    private static func stepGroup<Reading: QubitReading>(
        _ task: NeuronStepTask<Float>, _ settings: QLIFSettings, _ sample: Int, group: Int,
        _ reading: Reading.Type
    ) {
        let lane = 16 &* group
        let firstRow = sample &* task.rowStride
        let threshold = Group(all: Float(settings.threshold))
        let shared = QubitSettings(settings)
        let exists = Group.mask(bits: existingLanes(task.neuronCount, group))
        var qubit = Qubit(task.memoryBefore, sample: sample, lane: lane)
        for step in 0..<task.stepCount {
            let place = (firstRow &+ step) &* tileWidth + lane
            let currents = QubitCurrents(task.currents + place, channelStride: task.channelStride)
            let turned = QubitStep(qubit, currents, shared)
            let marks = task.randomWords + step &* tileWidth + lane
            let read = Reading.read(
                turned, settings, words: marks, wordStride: task.stepCount &* tileWidth)
            // Nothing above the threshold where a neuron is silent: α is 0.
            let spike = Group.isLess(threshold, read.probability)
            qubit = Qubit(sine: read.sine, cosine: read.cosine, spike: spike)
            markSpikes(spike, marks)
            if let probabilities = task.firingProbabilities {
                Group(all: 1).keep(where: spike).store(probabilities + place)
            }
            if let sums = task.rowSums {
                addToRowSums(read.probability.keep(where: exists), sums + 32 &* (firstRow &+ step))
            }
        }
        qubit.carry(to: task.memoryAfter, sample: sample, lane: lane)
    }
}

extension QLIFSettings {
    /// More than a population has tiles.
    @inline(__always) static var tileLimit: Int { 1 << 16 }
}
