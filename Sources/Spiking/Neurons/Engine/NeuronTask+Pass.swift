import Compute

/// What the kernels of quantum neurons want to know beside the pass.
struct NeuronTaskShape: Sendable {
    let ioQubits: Int
    let memoryQubits: Int
    /// Whether the memory is put back to |0…0⟩ at every step.
    var forgets = false
}

// From views to the pointers of the kernels: valid while the pass is, whose sizes the population's simulator has checked.

extension NeuronStepTask where Real == Float {
    init(_ pass: borrowing NeuronStepPass, _ shape: NeuronTaskShape) {
        let window = pass.window
        self.init(
            instruments: pass.compiled.pointer, currents: pass.currents.pointer,
            channelStride: window.channelStride, spikes: pass.spikes.pointer, wordsPerRow: pass.wordsPerRow,
            randomWords: pass.randomWords.pointer, firingProbabilities: pass.firing?.pointer,
            rowSums: pass.activitySums?.pointer, samples: pass.samples.pointer,
            sampleCount: window.sampleCount, rowStride: window.rowStride, firstStep: window.firstStep,
            stepCount: window.stepCount, memoryBefore: pass.memoryBefore?.pointer,
            memoryAfter: pass.memoryAfter?.pointer, neuronCount: window.neuronCount, tile: window.tile,
            key: pass.random.key, tag: pass.random.tag, ioQubits: shape.ioQubits,
            memoryQubits: shape.memoryQubits, forgets: shape.forgets, scratch: pass.scratch.pointer)
    }
}

extension NeuronAdjointTask where Real == Float {
    init(_ pass: borrowing NeuronAdjointPass, _ shape: NeuronTaskShape) {
        let window = pass.window
        self.init(
            instruments: pass.compiled.pointer, currents: pass.currents.pointer,
            channelStride: window.channelStride, spikes: pass.spikes.pointer, wordsPerRow: pass.wordsPerRow,
            errors: pass.errors.pointer, regulariser: pass.regulariser?.pointer,
            instrumentGradient: pass.compiledGradient.pointer, surrogate: pass.surrogate,
            creditsOwnSpikes: pass.creditsOwnSpikes, sampleCount: window.sampleCount,
            rowStride: window.rowStride, firstStep: window.firstStep,
            stepCount: window.stepCount, memoryBefore: pass.memoryBefore?.pointer,
            memoryErrors: pass.memoryErrors?.pointer, neuronCount: window.neuronCount,
            ioQubits: shape.ioQubits, memoryQubits: shape.memoryQubits, forgets: shape.forgets,
            scratch: pass.scratch.pointer)
    }
}

extension LikelihoodTask where Real == Float {
    init(_ pass: borrowing NeuronLikelihoodPass, _ shape: NeuronTaskShape) {
        let window = pass.window
        self.init(
            instruments: pass.compiled.pointer, currents: pass.currents.pointer,
            channelStride: window.channelStride, spikes: pass.spikes.pointer, wordsPerRow: pass.wordsPerRow,
            likelihoods: pass.likelihoods.pointer, sampleCount: window.sampleCount,
            rowStride: window.rowStride, stepCount: window.stepCount,
            memoryBefore: pass.memoryBefore?.pointer, memoryAfter: pass.memoryAfter?.pointer,
            neuronCount: window.neuronCount, ioQubits: shape.ioQubits, memoryQubits: shape.memoryQubits,
            forgets: shape.forgets, scratch: pass.scratch.pointer)
    }
}
