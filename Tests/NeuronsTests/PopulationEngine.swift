import Compute
import QuantumCircuits

@testable import Neurons

/// A fast path under test: steps and adjoints of one tile of a population, in one precision.
protocol PopulationEngine {
    associatedtype Real: BinaryFloatingPoint & BitwiseCopyable & Sendable

    /// Runs a tile. Layouts as in `NeuronStepTask`.
    func step(
        tile: Int, currents: BufferView<Real>, spikes: MutableBufferView<UInt64>, wordsPerRow: Int,
        firing: MutableBufferView<Real>, rowSums: MutableBufferView<Real>,
        identities: BufferView<UInt32>, random: RandomStream)

    /// Reverses a tile: ∂L/∂s becomes ∂L/∂z in `errors`.
    /// - Returns: ∂L/∂θ, `[angle][64]`.
    func adjoint(
        tile: Int, currents: BufferView<Real>, spikes: BufferView<UInt64>, wordsPerRow: Int,
        errors: MutableBufferView<Real>, regulariser: BufferView<Real>?, surrogate: SurrogateKind
    ) -> [Real]
}

/// The path that networks take: `PopulationSimulator`, with the engine of the model.
struct SimulatorEngine: PopulationEngine {
    typealias Real = Float
    let population: Population
    let simulator: PopulationSimulator
    let sampleCount: Int

    init(
        _ test: PopulationCase, windowLength: Int? = nil, instructionSet: InstructionSet = .current
    ) {
        population = test.population
        sampleCount = test.sampleCount
        let parallelism = Parallelism(threadCount: 1)
        simulator = PopulationSimulator(
            population, stepCount: test.stepCount, windowLength: windowLength, parallelism: parallelism,
            instructionSet: instructionSet)
        simulator.prepare(sampleCount: test.sampleCount)
        simulator.compile(population, parallelism: parallelism)
    }

    private func share(_ tile: Int) -> PopulationSimulator.Share {
        PopulationSimulator.Share(
            tile: tile, thread: 0, neuronCount: population.neuronCount(ofTile: tile),
            rowCount: sampleCount * simulator.stepCount, samples: 0..<sampleCount)
    }

    func step(
        tile: Int, currents: BufferView<Float>, spikes: MutableBufferView<UInt64>, wordsPerRow: Int,
        firing: MutableBufferView<Float>, rowSums: MutableBufferView<Float>,
        identities: BufferView<UInt32>, random: RandomStream
    ) {
        for window in 0..<simulator.windowCount {
            simulator.step(
                share(tile), window: window, currents: currents, spikes: spikes, wordsPerRow: wordsPerRow,
                firing: firing, activitySums: rowSums, identities: identities, random: random)
        }
    }

    func adjoint(
        tile: Int, currents: BufferView<Float>, spikes: BufferView<UInt64>, wordsPerRow: Int,
        errors: MutableBufferView<Float>, regulariser: BufferView<Float>?, surrogate: SurrogateKind
    ) -> [Float] {
        let compiled = WorkingBuffer<Float>(count: simulator.compiledSize).view
        for window in (0..<simulator.windowCount).reversed() {
            simulator.adjoint(
                share(tile), window: window, currents: currents, spikes: spikes, wordsPerRow: wordsPerRow,
                errors: errors, regulariser: regulariser, surrogate: surrogate, compiledGradient: compiled)
        }
        let gradient = WorkingBuffer<Float>(count: population.parameterCount * tileWidth).view
        simulator.pullBack(
            tile: tile, thread: 0, population: population, compiledGradient: compiled, gradient: gradient)
        return gradient.view.array
    }
}

/// A precision that the general kernels exist in.
protocol KernelReal: BinaryFloatingPoint, BitwiseCopyable, Sendable {
    static func compile(_ kernels: any KernelSet.Type, _ task: CompilationTask<Self>)
    static func step(_ kernels: any KernelSet.Type, _ task: NeuronStepTask<Self>)
    static func adjoint(_ kernels: any KernelSet.Type, _ task: NeuronAdjointTask<Self>)
    static func pullBack(_ kernels: any KernelSet.Type, _ task: PullbackTask<Self>)
}

extension Float: KernelReal {
    static func compile(_ kernels: any KernelSet.Type, _ task: CompilationTask<Float>) {
        kernels.compile(task)
    }
    static func step(_ kernels: any KernelSet.Type, _ task: NeuronStepTask<Float>) {
        kernels.stepGeneral(task)
    }
    static func adjoint(_ kernels: any KernelSet.Type, _ task: NeuronAdjointTask<Float>) {
        kernels.adjointGeneral(task)
    }
    static func pullBack(_ kernels: any KernelSet.Type, _ task: PullbackTask<Float>) {
        kernels.pullBack(task)
    }
}

extension Double: KernelReal {
    static func compile(_ kernels: any KernelSet.Type, _ task: CompilationTask<Double>) {
        kernels.compile(task)
    }
    static func step(_ kernels: any KernelSet.Type, _ task: NeuronStepTask<Double>) {
        kernels.stepGeneral(task)
    }
    static func adjoint(_ kernels: any KernelSet.Type, _ task: NeuronAdjointTask<Double>) {
        kernels.adjointGeneral(task)
    }
    static func pullBack(_ kernels: any KernelSet.Type, _ task: PullbackTask<Double>) {
        kernels.pullBack(task)
    }
}

/// The general kernels of one level, called directly: any circuit, in single or double precision.
struct GeneralEngine<Real: KernelReal>: PopulationEngine {
    let test: PopulationCase
    let circuit: Circuit
    let kernels: any KernelSet.Type
    /// `[tile][angle][64]`
    private var angles: AlignedBuffer<Real>
    /// `[tile][D²][2][64]`
    private var instruments: AlignedBuffer<Real>

    init?(_ test: PopulationCase, instructionSet: InstructionSet = .current) {
        guard let circuit = test.model.circuit else { return nil }
        self.test = test
        self.circuit = circuit
        kernels = instructionSet.kernels
        angles = AlignedBuffer(repeating: 0, count: test.tileCount * circuit.parameterCount * tileWidth)
        for (neuron, values) in test.angles.enumerated() {
            let tile = neuron / tileWidth
            for (angle, value) in values.enumerated() {
                angles[(tile * circuit.parameterCount + angle) * tileWidth + neuron % tileWidth] = Real(value)
            }
        }
        instruments = AlignedBuffer(
            repeating: 0, count: test.tileCount * 2 * circuit.dimension * circuit.dimension * tileWidth)
        for tile in 0..<test.tileCount {
            let instrument = instruments.mutableBase() + tile * unitarySize
            compile(tile: tile, into: instrument)
            EmbeddingPhase.absorb(
                instrument, ioQubits: circuit.ioQubits, memoryQubits: circuit.memoryQubits)
        }
    }

    private var unitarySize: Int { 2 * circuit.dimension * circuit.dimension * tileWidth }

    private func compile(tile: Int, into target: UnsafeMutablePointer<Real>) {
        circuit.operations.withUnsafeBufferPointer {
            Real.compile(
                kernels,
                CompilationTask(
                    operations: $0, angles: angles.base + tile * circuit.parameterCount * tileWidth,
                    dimension: circuit.dimension, unitaries: target))
        }
    }

    private func neuronCount(_ tile: Int) -> Int { min(test.neuronCount - tile * tileWidth, tileWidth) }

    private var scratch: AlignedBuffer<Real> {
        AlignedBuffer(
            repeating: 0,
            count: GeneralKernelLayout.adjointScratch(
                ioQubits: circuit.ioQubits, memoryQubits: circuit.memoryQubits, stepCount: test.stepCount))
    }

    func step(
        tile: Int, currents: BufferView<Real>, spikes: MutableBufferView<UInt64>, wordsPerRow: Int,
        firing: MutableBufferView<Real>, rowSums: MutableBufferView<Real>,
        identities: BufferView<UInt32>, random: RandomStream
    ) {
        var scratch = scratch
        var words = AlignedBuffer<UInt32>(
            repeating: 0, count: GeneralKernelLayout.randomWords(stepCount: test.stepCount))
        Real.step(
            kernels,
            NeuronStepTask(
                instruments: instruments.base + tile * unitarySize, currents: currents.pointer,
                channelStride: test.rowCount * tileWidth, spikes: spikes.pointer, wordsPerRow: wordsPerRow,
                randomWords: words.mutableBase(), firingProbabilities: firing.pointer,
                rowSums: rowSums.pointer, samples: identities.pointer, sampleCount: test.sampleCount, stepCount: test.stepCount,
                neuronCount: neuronCount(tile), tile: tile, key: random.key, tag: random.tag,
                ioQubits: circuit.ioQubits, memoryQubits: circuit.memoryQubits, forgets: test.forgets,
                scratch: scratch.mutableBase()))
    }

    func adjoint(
        tile: Int, currents: BufferView<Real>, spikes: BufferView<UInt64>, wordsPerRow: Int,
        errors: MutableBufferView<Real>, regulariser: BufferView<Real>?, surrogate: SurrogateKind
    ) -> [Real] {
        var scratch = scratch
        var gradient = AlignedBuffer<Real>(repeating: 0, count: unitarySize)
        Real.adjoint(
            kernels,
            NeuronAdjointTask(
                instruments: instruments.base + tile * unitarySize, currents: currents.pointer,
                channelStride: test.rowCount * tileWidth, spikes: spikes.pointer, wordsPerRow: wordsPerRow,
                errors: errors.pointer, regulariser: regulariser?.pointer,
                instrumentGradient: gradient.mutableBase(),
                surrogate: surrogate, sampleCount: test.sampleCount, stepCount: test.stepCount,
                neuronCount: neuronCount(tile), ioQubits: circuit.ioQubits,
                memoryQubits: circuit.memoryQubits, forgets: test.forgets,
                scratch: scratch.mutableBase()))
        EmbeddingPhase.release(
            gradient.mutableBase(), ioQubits: circuit.ioQubits, memoryQubits: circuit.memoryQubits)
        var unitary = AlignedBuffer<Real>(repeating: 0, count: unitarySize)
        compile(tile: tile, into: unitary.mutableBase())
        var angleGradient = AlignedBuffer<Real>(repeating: 0, count: circuit.parameterCount * tileWidth)
        circuit.operations.withUnsafeBufferPointer {
            Real.pullBack(
                kernels,
                PullbackTask(
                    operations: $0, angles: angles.base + tile * circuit.parameterCount * tileWidth,
                    dimension: circuit.dimension, unitaries: unitary.mutableBase(),
                    unitaryGradient: gradient.mutableBase(), angleGradient: angleGradient.mutableBase()))
        }
        return angleGradient.array
    }
}
