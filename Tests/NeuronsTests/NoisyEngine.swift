import Compute
import QuantumCircuits

@testable import Neurons

/// A precision that the kernels of noisy neurons exist in.
protocol NoisyReal: BinaryFloatingPoint, BitwiseCopyable, Sendable {
    static func compile(_ kernels: any KernelSet.Type, _ task: NoisyCompilationTask<Self>)
    static func step(
        _ kernels: any KernelSet.Type, _ task: NeuronStepTask<Self>, _ embedding: NoisyEmbedding<Self>)
    static func adjoint(
        _ kernels: any KernelSet.Type, _ task: NeuronAdjointTask<Self>, _ embedding: NoisyEmbedding<Self>)
    static func pullBack(_ kernels: any KernelSet.Type, _ task: NoisyPullbackTask<Self>)
}

extension Float: NoisyReal {
    static func compile(_ kernels: any KernelSet.Type, _ task: NoisyCompilationTask<Float>) {
        kernels.compileNoisy(task)
    }
    static func step(
        _ kernels: any KernelSet.Type, _ task: NeuronStepTask<Float>, _ embedding: NoisyEmbedding<Float>
    ) { kernels.stepNoisy(task, embedding) }
    static func adjoint(
        _ kernels: any KernelSet.Type, _ task: NeuronAdjointTask<Float>, _ embedding: NoisyEmbedding<Float>
    ) { kernels.adjointNoisy(task, embedding) }
    static func pullBack(_ kernels: any KernelSet.Type, _ task: NoisyPullbackTask<Float>) {
        kernels.pullBackNoisy(task)
    }
}

extension Double: NoisyReal {
    static func compile(_ kernels: any KernelSet.Type, _ task: NoisyCompilationTask<Double>) {
        kernels.compileNoisy(task)
    }
    static func step(
        _ kernels: any KernelSet.Type, _ task: NeuronStepTask<Double>, _ embedding: NoisyEmbedding<Double>
    ) { kernels.stepNoisy(task, embedding) }
    static func adjoint(
        _ kernels: any KernelSet.Type, _ task: NeuronAdjointTask<Double>,
        _ embedding: NoisyEmbedding<Double>
    ) { kernels.adjointNoisy(task, embedding) }
    static func pullBack(_ kernels: any KernelSet.Type, _ task: NoisyPullbackTask<Double>) {
        kernels.pullBackNoisy(task)
    }
}

/// The kernels of noisy neurons of one level, called directly, in single or double precision.
struct NoisyEngine<Real: NoisyReal>: PopulationEngine {
    let test: PopulationCase
    let instrument: NoisyInstrument<Real>
    let kernels: any KernelSet.Type
    /// `[tile][angle][64]`
    private var angles: AlignedBuffer<Real>
    /// `[tile][row][column][64]`
    private(set) var maps: AlignedBuffer<Real>

    init?(_ test: PopulationCase, instructionSet: InstructionSet = .current) {
        guard let neuron = test.model as? SQS, let noise = neuron.noise else { return nil }
        let circuit = neuron.stepCircuit
        self.test = test
        kernels = instructionSet.kernels
        instrument = NoisyInstrument(circuit, noise)
        angles = AlignedBuffer(repeating: 0, count: test.tileCount * test.model.parameterCount * tileWidth)
        for (neuron, values) in test.angles.enumerated() {
            let tile = neuron / tileWidth
            for (angle, value) in values.enumerated() {
                angles[(tile * test.model.parameterCount + angle) * tileWidth + neuron % tileWidth] = Real(
                    value)
            }
        }
        let size = instrument.layout.instrumentSize
        maps = AlignedBuffer(repeating: 0, count: test.tileCount * size)
        var scratch = scratch
        for tile in 0..<test.tileCount {
            Real.compile(
                kernels,
                NoisyCompilationTask(
                    program: instrument.program, angles: anglesBase(tile),
                    instruments: maps.mutableBase() + tile * size, scratch: scratch.mutableBase()))
        }
    }

    private func anglesBase(_ tile: Int) -> UnsafePointer<Real> {
        angles.base + tile * test.model.parameterCount * tileWidth
    }

    private func neuronCount(_ tile: Int) -> Int { min(test.neuronCount - tile * tileWidth, tileWidth) }

    private var scratch: AlignedBuffer<Real> {
        AlignedBuffer(repeating: 0, count: test.model.engineSize(stepCount: test.stepCount).scratch)
    }

    func step(
        tile: Int, currents: BufferView<Real>, spikes: MutableBufferView<UInt64>, wordsPerRow: Int,
        firing: MutableBufferView<Real>, rowSums: MutableBufferView<Real>,
        identities: BufferView<UInt32>, random: RandomStream
    ) {
        var scratch = scratch
        var words = AlignedBuffer<UInt32>(
            repeating: 0, count: instrument.layout.randomWords(stepCount: test.stepCount))
        Real.step(
            kernels,
            NeuronStepTask(
                instruments: maps.base + tile * instrument.layout.instrumentSize, currents: currents.pointer,
                channelStride: test.rowCount * tileWidth, spikes: spikes.pointer, wordsPerRow: wordsPerRow,
                randomWords: words.mutableBase(), firingProbabilities: firing.pointer,
                rowSums: rowSums.pointer, samples: identities.pointer, sampleCount: test.sampleCount,
                stepCount: test.stepCount,
                neuronCount: neuronCount(tile), tile: tile, key: random.key, tag: random.tag,
                ioQubits: instrument.layout.ioQubits, memoryQubits: instrument.layout.memoryQubits,
                forgets: false, scratch: scratch.mutableBase()), instrument.embedding)
    }

    func adjoint(
        tile: Int, currents: BufferView<Real>, spikes: BufferView<UInt64>, wordsPerRow: Int,
        errors: MutableBufferView<Real>, regulariser: BufferView<Real>?, surrogate: SurrogateKind
    ) -> [Real] {
        var scratch = scratch
        let size = instrument.layout.instrumentSize
        var gradient = AlignedBuffer<Real>(repeating: 0, count: size)
        Real.adjoint(
            kernels,
            NeuronAdjointTask(
                instruments: maps.base + tile * size, currents: currents.pointer,
                channelStride: test.rowCount * tileWidth, spikes: spikes.pointer, wordsPerRow: wordsPerRow,
                errors: errors.pointer, regulariser: regulariser?.pointer,
                instrumentGradient: gradient.mutableBase(),
                surrogate: surrogate, sampleCount: test.sampleCount, stepCount: test.stepCount,
                neuronCount: neuronCount(tile), ioQubits: instrument.layout.ioQubits,
                memoryQubits: instrument.layout.memoryQubits, forgets: false,
                scratch: scratch.mutableBase()), instrument.embedding)
        var angleGradient = AlignedBuffer<Real>(repeating: 0, count: test.model.parameterCount * tileWidth)
        Real.pullBack(
            kernels,
            NoisyPullbackTask(
                program: instrument.program, angles: anglesBase(tile), instrumentGradient: gradient.base,
                angleGradient: angleGradient.mutableBase(), scratch: scratch.mutableBase()))
        return angleGradient.array
    }
}
