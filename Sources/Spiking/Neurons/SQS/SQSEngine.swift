import Compute
import QuantumCircuits

/// Neurons with a circuit on a device without noise: instruments from the angles, then the memory's pure state from step to
/// step.
struct SQSEngine: LikelihoodEngine {
    private let path: Path
    private let shape: NeuronTaskShape
    private let operations: [GateOperation]
    private let dimension: Int
    private let kernels: any KernelSet.Type

    /// Which kernels serve the circuit.
    private enum Path {
        /// One channel and one memory qubit, real in the gauge (−i)^{ones}: the memory is one real angle.
        case realGauge
        /// Any circuit that is real in that gauge: half the numbers, and a quarter of the arithmetic.
        case generalRealGauge
        case general

        init(_ circuit: Circuit) {
            let isSmall = circuit.ioQubits == 1 && circuit.memoryQubits == 1
            self = circuit.isRealGauge ? (isSmall ? .realGauge : .generalRealGauge) : .general
        }
    }

    /// - Parameter forgets: whether the memory is put back at every step.
    init(_ circuit: Circuit, forgets: Bool, _ instructionSet: InstructionSet) {
        path = Path(circuit)
        shape = NeuronTaskShape(
            ioQubits: circuit.ioQubits, memoryQubits: circuit.memoryQubits, forgets: forgets)
        operations = circuit.operations
        dimension = circuit.dimension
        kernels = instructionSet.kernels
    }

    static func size(_ circuit: Circuit, stepCount: Int) -> EngineSize {
        let entries = circuit.dimension * circuit.dimension * tileWidth
        let general = GeneralKernelLayout.adjointScratch(
            ioQubits: circuit.ioQubits, memoryQubits: circuit.memoryQubits, stepCount: stepCount)
        return EngineSize(
            compiled: (circuit.isRealGauge ? 1 : 2) * entries,
            memory: CarriedMemory.size(memoryQubits: circuit.memoryQubits),
            scratch: max(general, RealGauge.adjointScratchPerStep * stepCount) + 4 * entries,
            randomWords: GeneralKernelLayout.randomWords(stepCount: stepCount))
    }

    /// Of a memory that is put back no spike has anything; a pure state, of which only the derivative along itself is known, cannot say it.
    var creditsOwnSpikes: Bool { shape.forgets }

    private var isReal: Bool { if case .general = path { false } else { true } }

    func compile(
        _ parameters: BufferView<Float>, to compiled: MutableBufferView<Float>,
        scratch: MutableBufferView<Float>
    ) {
        let unitaries = (isReal ? scratch : compiled).pointer
        compile(parameters, to: unitaries)
        if isReal {
            RealGauge.project(unitaries, dimension: dimension, to: compiled.pointer)
        } else {
            EmbeddingPhase.absorb(
                unitaries, ioQubits: shape.ioQubits, memoryQubits: shape.memoryQubits)
        }
    }

    private func compile(_ angles: BufferView<Float>, to unitaries: UnsafeMutablePointer<Float>) {
        operations.withUnsafeBufferPointer {
            kernels.compile(
                CompilationTask(
                    operations: $0, angles: angles.pointer, dimension: dimension, unitaries: unitaries))
        }
    }

    func pullBack(
        _ parameters: BufferView<Float>, compiledGradient: MutableBufferView<Float>,
        to gradient: MutableBufferView<Float>, scratch: MutableBufferView<Float>
    ) {
        let unitaries = scratch.pointer
        var unitaryGradient = compiledGradient.pointer
        if isReal {
            unitaryGradient = unitaries + 2 * dimension * dimension * tileWidth
            RealGauge.embed(compiledGradient.pointer, dimension: dimension, to: unitaryGradient)
        } else {
            EmbeddingPhase.release(
                unitaryGradient, ioQubits: shape.ioQubits, memoryQubits: shape.memoryQubits)
        }
        compile(parameters, to: unitaries)
        operations.withUnsafeBufferPointer {
            kernels.pullBack(
                PullbackTask(
                    operations: $0, angles: parameters.pointer, dimension: dimension, unitaries: unitaries,
                    unitaryGradient: unitaryGradient, angleGradient: gradient.pointer))
        }
    }

    func step(_ pass: NeuronStepPass) {
        let task = NeuronStepTask(pass, shape)
        switch path {
        case .realGauge: kernels.stepRealGauge(task)
        case .generalRealGauge: kernels.stepGeneralRealGauge(task)
        case .general: kernels.stepGeneral(task)
        }
    }

    func adjoint(_ pass: NeuronAdjointPass) {
        let task = NeuronAdjointTask(pass, shape)
        switch path {
        case .realGauge: kernels.adjointRealGauge(task)
        case .generalRealGauge: kernels.adjointGeneralRealGauge(task)
        case .general: kernels.adjointGeneral(task)
        }
    }

    func findLikelihoods(_ pass: NeuronLikelihoodPass) {
        let task = LikelihoodTask(pass, shape)
        switch path {
        case .realGauge: kernels.likelihoodRealGauge(task)
        case .generalRealGauge: kernels.likelihoodGeneralRealGauge(task)
        case .general: kernels.likelihoodGeneral(task)
        }
    }

    /// ⟨X⟩, ⟨Y⟩, ⟨Z⟩ of each memory qubit.
    func memory(_ carried: BufferView<Float>, lane: Int) -> [Float] {
        if shape.forgets { return [] }
        let count = 1 << shape.memoryQubits
        let amplitudes = (0..<count).map { amplitude($0, of: count, carried, lane: lane) }
        let norm = amplitudes.reduce(0) { $0 + $1.squaredMagnitude }
        return (0..<shape.memoryQubits).flatMap { qubit -> [Float] in
            let bit = 1 << (shape.memoryQubits - 1 - qubit)
            var (off, difference) = (Complex.zero, 0.0)
            for index in 0..<count where index & bit == 0 {
                off += amplitudes[index].conjugate * amplitudes[index | bit]
                difference += amplitudes[index].squaredMagnitude - amplitudes[index | bit].squaredMagnitude
            }
            return [2 * off.real, 2 * off.imaginary, difference].map { Float($0 / norm) }
        }
    }

    /// One amplitude of a carried memory, in the layout of the path's kernels.
    private func amplitude(_ index: Int, of count: Int, _ carried: BufferView<Float>, lane: Int) -> Complex {
        let (group, place) = lane.quotientAndRemainder(dividingBy: 16)
        // Of a real amplitude the gauge's phase is (−i)^{ones}.
        func inGauge(_ value: Float) -> Complex {
            let phases = [Complex(1), Complex(0, -1), Complex(-1), Complex(0, 1)]
            return Double(value) * phases[index.nonzeroBitCount % 4]
        }
        switch path {
        case .realGauge: return inGauge(carried[index * tileWidth + lane])
        case .generalRealGauge: return inGauge(carried[(group * (count + 1) + index) * 16 + place])
        case .general:
            let first = (group * (2 * count + 1) + 2 * index) * 16 + place
            return Complex(Double(carried[first]), Double(carried[first + 16]))
        }
    }
}
