import Compute
import DeviceNoise
import QuantumCircuits

/// Neurons with a circuit on a noisy device: maps of Pauli coefficients from the angles, then the memory's density matrix from
/// step to step (docs/decisions/0010).
struct NoisySQSEngine: LikelihoodEngine {
    private let instrument: NoisyInstrument<Float>
    private let shape: NeuronTaskShape
    private let kernels: any KernelSet.Type

    init(_ circuit: Circuit, _ noise: NoiseModel, _ instructionSet: InstructionSet) {
        instrument = NoisyInstrument(circuit, noise)
        shape = NeuronTaskShape(ioQubits: circuit.ioQubits, memoryQubits: circuit.memoryQubits)
        kernels = instructionSet.kernels
    }

    static func size(_ circuit: Circuit, _ noise: NoiseModel, stepCount: Int) -> EngineSize {
        let layout = NoisyLayout(circuit, noise)
        // A controlled rotation is two of all qubits; between two gates lies at most one map, and one at the end.
        let compilation = NoisyProgram<Float>.scratch(
            operationCount: 3 * circuit.gates.count + 1, mapCount: circuit.gates.count + 1,
            stateCount: 1 << (2 * circuit.qubitCount))
        return EngineSize(
            compiled: layout.instrumentSize, memory: layout.carriedMemorySize,
            scratch: max(layout.scratch(stepCount: stepCount), compilation),
            randomWords: layout.randomWords(stepCount: stepCount))
    }

    var creditsOwnSpikes: Bool { shape.ioQubits == 1 }

    func compile(
        _ parameters: BufferView<Float>, to compiled: MutableBufferView<Float>,
        scratch: MutableBufferView<Float>
    ) {
        kernels.compileNoisy(
            NoisyCompilationTask(
                program: instrument.program, angles: parameters.pointer, instruments: compiled.pointer,
                scratch: scratch.pointer))
    }

    func pullBack(
        _ parameters: BufferView<Float>, compiledGradient: MutableBufferView<Float>,
        to gradient: MutableBufferView<Float>, scratch: MutableBufferView<Float>
    ) {
        kernels.pullBackNoisy(
            NoisyPullbackTask(
                program: instrument.program, angles: parameters.pointer,
                instrumentGradient: compiledGradient.view.pointer, angleGradient: gradient.pointer,
                scratch: scratch.pointer))
    }

    func step(_ pass: NeuronStepPass) {
        kernels.stepNoisy(NeuronStepTask(pass, shape), instrument.embedding)
    }

    func adjoint(_ pass: NeuronAdjointPass) {
        kernels.adjointNoisy(NeuronAdjointTask(pass, shape), instrument.embedding)
    }

    func findLikelihoods(_ pass: NeuronLikelihoodPass) {
        kernels.likelihoodNoisy(LikelihoodTask(pass, shape), instrument.embedding)
    }

    /// ⟨X⟩, ⟨Y⟩, ⟨Z⟩ of each memory qubit: coefficients of the Pauli matrices on it alone, over that of 1.
    func memory(_ carried: BufferView<Float>, lane: Int) -> [Float] {
        let (group, place) = lane.quotientAndRemainder(dividingBy: 16)
        let first = group * instrument.layout.memoryCount * 16 + place
        return (0..<shape.memoryQubits).flatMap { qubit in
            (1...3).map { digit in
                let index = digit << (2 * (shape.memoryQubits - 1 - qubit))
                return carried[first + index * 16] / carried[first]
            }
        }
    }
}
