import Compute

/// Compiled is what ``HiddenStatesShape`` says; carried are the probabilities of the states.
struct HiddenStatesEngine: LikelihoodEngine {
    let shape: HiddenStatesShape
    let kernels: any KernelSet.Type
    private let taskShape = NeuronTaskShape(ioQubits: 1, memoryQubits: 0)

    init(shape: HiddenStatesShape, kernels: any KernelSet.Type) {
        self.shape = shape
        self.kernels = kernels
    }

    var creditsOwnSpikes: Bool { true }

    func compile(
        _ parameters: BufferView<Float>, to compiled: MutableBufferView<Float>,
        scratch: MutableBufferView<Float>
    ) {
        kernels.compileHiddenStates(parameters.pointer, to: compiled.pointer, shape)
    }

    func pullBack(
        _ parameters: BufferView<Float>, compiledGradient: MutableBufferView<Float>,
        to gradient: MutableBufferView<Float>, scratch: MutableBufferView<Float>
    ) {
        kernels.compileHiddenStates(parameters.pointer, to: scratch.pointer, shape)
        kernels.pullBackHiddenStates(
            parameters.pointer, instruments: scratch.view.pointer,
            instrumentGradient: compiledGradient.view.pointer, to: gradient.pointer, shape)
    }

    func step(_ pass: NeuronStepPass) { kernels.stepHiddenStates(NeuronStepTask(pass, taskShape), shape) }

    func adjoint(_ pass: NeuronAdjointPass) {
        kernels.adjointHiddenStates(NeuronAdjointTask(pass, taskShape), shape)
    }

    func findLikelihoods(_ pass: NeuronLikelihoodPass) {
        kernels.likelihoodHiddenStates(LikelihoodTask(pass, taskShape), shape)
    }

    func memory(_ carried: BufferView<Float>, lane: Int) -> [Float] {
        (0..<shape.stateCount).map { carried[$0 * tileWidth + lane] }
    }
}
