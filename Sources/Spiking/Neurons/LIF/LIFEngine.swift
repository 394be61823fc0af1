import Compute

/// Compiled are `[2][64]`, the decays and the thresholds.
struct LIFEngine: NeuronEngine {
    let model: LIF
    let kernels: any KernelSet.Type
    private let shape = NeuronTaskShape(ioQubits: 1, memoryQubits: 0)

    init(model: LIF, kernels: any KernelSet.Type) {
        self.model = model
        self.kernels = kernels
    }

    /// Of each number that is compiled: its value, and where it is a parameter the number of that.
    private var sources: [(value: Float, parameter: Int?)] {
        [
            (model.decay, model.learnsDecay ? 0 : nil),
            (model.threshold, model.learnsThreshold ? (model.learnsDecay ? 1 : 0) : nil),
        ]
    }

    func compile(
        _ parameters: BufferView<Float>, to compiled: MutableBufferView<Float>,
        scratch: MutableBufferView<Float>
    ) {
        for (number, source) in sources.enumerated() {
            for lane in 0..<tileWidth {
                compiled[number * tileWidth + lane] =
                    source.parameter.map { parameters[$0 * tileWidth + lane] } ?? source.value
            }
        }
    }

    func pullBack(
        _ parameters: BufferView<Float>, compiledGradient: MutableBufferView<Float>,
        to gradient: MutableBufferView<Float>, scratch: MutableBufferView<Float>
    ) {
        for (number, source) in sources.enumerated() {
            guard let parameter = source.parameter else { continue }
            for lane in 0..<tileWidth {
                gradient[parameter * tileWidth + lane] += compiledGradient[number * tileWidth + lane]
            }
        }
    }

    func step(_ pass: NeuronStepPass) { kernels.stepLIF(NeuronStepTask(pass, shape), model.settings) }

    func adjoint(_ pass: NeuronAdjointPass) {
        kernels.adjointLIF(NeuronAdjointTask(pass, shape), model.settings)
    }

    func memory(_ carried: BufferView<Float>, lane: Int) -> [Float] { [carried[lane]] }
}
