import Compute
import QuantumCircuits

@testable import Neurons

/// A fast path under test: steps and adjoints of one tile of a population, in one precision.
protocol PopulationEngine {
    associatedtype Real: BinaryFloatingPoint & BitwiseCopyable & Sendable

    /// Runs a tile. Layouts as in `NeuronStepTask`.
    func step(
        tile: Int, currents: UnsafePointer<Real>, spikes: UnsafeMutablePointer<UInt64>, wordsPerRow: Int,
        firing: UnsafeMutablePointer<Real>, rowSums: UnsafeMutablePointer<Real>,
        identities: UnsafePointer<UInt32>, random: RandomStream)

    /// Reverses a tile: ∂L/∂s becomes ∂L/∂z in `errors`.
    /// - Returns: ∂L/∂θ, `[angle][64]`.
    func adjoint(
        tile: Int, currents: UnsafePointer<Real>, spikes: UnsafePointer<UInt64>, wordsPerRow: Int,
        errors: UnsafeMutablePointer<Real>, regulariser: UnsafePointer<Real>?, surrogate: SurrogateKind
    ) -> [Real]
}

/// The path that networks take: `PopulationKernel`, which chooses the kernel by the model.
struct PopulationKernelEngine: PopulationEngine {
    typealias Real = Float
    let population: Population
    let kernel: PopulationKernel
    let sampleCount: Int

    init(
        _ test: PopulationCase, windowLength: Int? = nil, instructionSet: InstructionSet = .current
    ) {
        population = test.population
        sampleCount = test.sampleCount
        let parallelism = Parallelism(threadCount: 1)
        kernel = PopulationKernel(
            population, stepCount: test.stepCount, windowLength: windowLength, parallelism: parallelism,
            instructionSet: instructionSet)
        kernel.prepare(sampleCount: test.sampleCount)
        kernel.compile(population, parallelism: parallelism)
    }

    private func share(_ tile: Int) -> PopulationKernel.Share {
        PopulationKernel.Share(
            tile: tile, thread: 0, neuronCount: population.neuronCount(ofTile: tile),
            rowCount: sampleCount * kernel.stepCount, samples: 0..<sampleCount)
    }

    func step(
        tile: Int, currents: UnsafePointer<Float>, spikes: UnsafeMutablePointer<UInt64>, wordsPerRow: Int,
        firing: UnsafeMutablePointer<Float>, rowSums: UnsafeMutablePointer<Float>,
        identities: UnsafePointer<UInt32>, random: RandomStream
    ) {
        for window in 0..<kernel.windowCount {
            kernel.step(
                share(tile), window: window, currents: currents, spikes: spikes, wordsPerRow: wordsPerRow,
                firingProbabilities: firing, rowSums: rowSums, identities: identities, random: random)
        }
    }

    func adjoint(
        tile: Int, currents: UnsafePointer<Float>, spikes: UnsafePointer<UInt64>, wordsPerRow: Int,
        errors: UnsafeMutablePointer<Float>, regulariser: UnsafePointer<Float>?, surrogate: SurrogateKind
    ) -> [Float] {
        var gradient = AlignedBuffer<Float>(repeating: 0, count: kernel.instrumentSize)
        for window in (0..<kernel.windowCount).reversed() {
            kernel.adjoint(
                share(tile), window: window, currents: currents, spikes: spikes, wordsPerRow: wordsPerRow,
                errors: errors, regulariser: regulariser, surrogate: surrogate,
                instrumentGradient: gradient.mutableBase())
        }
        var angles = AlignedBuffer<Float>(repeating: 0, count: population.model.parameterCount * tileWidth)
        kernel.pullBack(
            tile: tile, thread: 0, population: population, instrumentGradient: gradient.mutableBase(),
            angleGradient: angles.mutableBase())
        return angles.array
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
        tile: Int, currents: UnsafePointer<Real>, spikes: UnsafeMutablePointer<UInt64>, wordsPerRow: Int,
        firing: UnsafeMutablePointer<Real>, rowSums: UnsafeMutablePointer<Real>,
        identities: UnsafePointer<UInt32>, random: RandomStream
    ) {
        var scratch = scratch
        var words = AlignedBuffer<UInt32>(
            repeating: 0, count: GeneralKernelLayout.randomWords(stepCount: test.stepCount))
        Real.step(
            kernels,
            NeuronStepTask(
                instruments: instruments.base + tile * unitarySize, currents: currents,
                channelStride: test.rowCount * tileWidth, spikes: spikes, wordsPerRow: wordsPerRow,
                randomWords: words.mutableBase(), firingProbabilities: firing, rowSums: rowSums,
                samples: identities, sampleCount: test.sampleCount, stepCount: test.stepCount,
                neuronCount: neuronCount(tile), tile: tile, key: random.key, tag: random.tag,
                ioQubits: circuit.ioQubits, memoryQubits: circuit.memoryQubits, forgets: test.model.forgets,
                scratch: scratch.mutableBase()))
    }

    func adjoint(
        tile: Int, currents: UnsafePointer<Real>, spikes: UnsafePointer<UInt64>, wordsPerRow: Int,
        errors: UnsafeMutablePointer<Real>, regulariser: UnsafePointer<Real>?, surrogate: SurrogateKind
    ) -> [Real] {
        var scratch = scratch
        var gradient = AlignedBuffer<Real>(repeating: 0, count: unitarySize)
        Real.adjoint(
            kernels,
            NeuronAdjointTask(
                instruments: instruments.base + tile * unitarySize, currents: currents,
                channelStride: test.rowCount * tileWidth, spikes: spikes, wordsPerRow: wordsPerRow,
                errors: errors, regulariser: regulariser, instrumentGradient: gradient.mutableBase(),
                surrogate: surrogate, sampleCount: test.sampleCount, stepCount: test.stepCount,
                neuronCount: neuronCount(tile), ioQubits: circuit.ioQubits,
                memoryQubits: circuit.memoryQubits, forgets: test.model.forgets,
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
