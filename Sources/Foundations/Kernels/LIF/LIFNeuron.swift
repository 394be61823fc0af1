import KernelTasks

/// The membrane potential of sixteen neurons, and where they have just fired.
struct Membrane {
    var potential = Group()
    var spike = Words()

    /// At rest to begin with; otherwise as it was carried.
    @inline(__always) init(_ carried: UnsafePointer<Float>?, sample: Int, lane: Int, threshold: Group) {
        guard let carried else { return }
        potential = Group.load(carried + sample &* LIFSettings.carriedSize + lane)
        spike = Group.isLess(threshold, potential)
    }

    /// What of the potential is left to decay.
    @inline(__always) func kept(_ zeroing: Words) -> Group { potential.keep(where: ~(spike & zeroing)) }

    @inline(__always)
    mutating func integrate(_ current: Group, decay: Group, threshold: Group, zeroing: Words) {
        potential = decay * kept(zeroing) + current - threshold.keep(where: spike & ~zeroing)
    }
}

extension LIFSettings {
    // A mask, not a branch: with a branch in the loop the optimiser splits the registers into lanes.
    @inline(__always) var zeroing: Words { Words(repeating: reset == .zero ? ~0 : 0) }
    @inline(__always) var clipping: Words { Words(repeating: regularized == .clipped ? ~0 : 0) }
}

/// What the regulariser takes for the activity of sixteen neurons.
struct MembraneActivity {
    /// Where it is the potential.
    let isPotential: Words
    /// Where it is the threshold.
    let isThreshold: Words
    let value: Group

    /// - Parameter clipping: all ones for a potential within 0…θ.
    @inline(__always) init(_ potential: Group, threshold: Group, clipping: Words) {
        isThreshold = Group.isLess(threshold, potential) & clipping
        isPotential = (Group.isLess(Group(), potential) | ~clipping) & ~isThreshold
        value = potential.keep(where: isPotential) + threshold.keep(where: isThreshold)
    }
}

extension CompiledKernels {
    /// Leaky integrate-and-fire neurons, as snnTorch's `Leaky`: U_t = β U_{t−1} + z_t − S_{t−1} θ, or
    /// U_t = β U_{t−1} (1 − S_{t−1}) + z_t, and S_t = 1 where U_t > θ.
    public static func stepLIF(_ task: NeuronStepTask<Float>, _ settings: LIFSettings) {
        let groups = (task.neuronCount + 15) / 16
        for sample in 0..<task.sampleCount {
            let firstRow = sample &* task.rowStride
            if let sums = task.rowSums {
                for row in firstRow..<firstRow &+ task.stepCount { clearRowSums(sums + 32 &* row) }
            }
            for group in 0..<groups { stepGroup(task, settings, sample, group: group) }
            packSpikes(
                task.randomWords, stepCount: task.stepCount, neuronCount: task.neuronCount,
                to: task.spikes + firstRow &* task.wordsPerRow, wordsPerRow: task.wordsPerRow)
        }
    }

    @inline(__always)
    private static func stepGroup(
        _ task: NeuronStepTask<Float>, _ settings: LIFSettings, _ sample: Int, group: Int
    ) {
        let lane = 16 &* group
        let firstRow = sample &* task.rowStride
        let decay = Group.load(task.instruments + lane)
        let threshold = Group.load(task.instruments + tileWidth + lane)
        let exists = Group.mask(bits: existingLanes(task.neuronCount, group))
        let (zeroing, clipping) = (settings.zeroing, settings.clipping)
        var membrane = Membrane(task.memoryBefore, sample: sample, lane: lane, threshold: threshold)
        for step in 0..<task.stepCount {
            let place = (firstRow &+ step) &* tileWidth + lane
            membrane.integrate(
                Group.load(task.currents + place), decay: decay, threshold: threshold, zeroing: zeroing)
            membrane.spike = Group.isLess(threshold, membrane.potential)
            markSpikes(membrane.spike, task.randomWords + step &* tileWidth + lane)
            if let probabilities = task.firingProbabilities {
                Group(all: 1).keep(where: membrane.spike).store(probabilities + place)
            }
            if let sums = task.rowSums {
                let activity = MembraneActivity(
                    membrane.potential, threshold: threshold, clipping: clipping)
                addToRowSums(activity.value.keep(where: exists), sums + 32 &* (firstRow &+ step))
            }
        }
        guard let after = task.memoryAfter else { return }
        membrane.potential.store(after + sample &* LIFSettings.carriedSize + lane)
    }
}
