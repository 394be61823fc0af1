import Compute

/// Neurons without numbers of their own: nothing is compiled.
struct QLIFEngine: NeuronEngine {
    let settings: QLIFSettings
    let kernels: any KernelSet.Type
    private let shape = NeuronTaskShape(ioQubits: 1, memoryQubits: 0)

    init(settings: QLIFSettings, kernels: any KernelSet.Type) {
        self.settings = settings
        self.kernels = kernels
    }

    func compile(
        _ parameters: BufferView<Float>, to compiled: MutableBufferView<Float>,
        scratch: MutableBufferView<Float>
    ) {}

    func pullBack(
        _ parameters: BufferView<Float>, compiledGradient: MutableBufferView<Float>,
        to gradient: MutableBufferView<Float>, scratch: MutableBufferView<Float>
    ) {}

    func step(_ pass: NeuronStepPass) { kernels.stepQLIF(NeuronStepTask(pass, shape), settings) }

    func adjoint(_ pass: NeuronAdjointPass) {
        kernels.adjointQLIF(NeuronAdjointTask(pass, shape), settings)
    }

    /// α_t, of its root.
    func memory(_ carried: BufferView<Float>, lane: Int) -> [Float] { [carried[lane] * carried[lane]] }
}
