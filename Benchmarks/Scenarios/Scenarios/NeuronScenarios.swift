import Compute
import Foundation
import SpikeTrains
import Networks
import Neurons

/// One batch of the hidden population alone: currents in, spikes out, or back from errors of spikes to errors of
/// currents.
///
/// The currents are normal with the variance that they have in a network at the start of training: `density` ×
/// inputs spikes, each through a weight of variance 1/(3 inputs).
struct NeuronPass {
    let population: Population
    let parallelism: Parallelism
    private let kernel: PopulationKernel
    private let shares: Shares
    private let currents: AlignedBuffer<Float>
    private var raster: SpikeRaster
    private var identities = AlignedBuffer<UInt32>(repeating: 0, count: 0)
    private var errors: AlignedBuffer<Float>
    private var instrumentGradient: AlignedBuffer<Float>

    init(_ workload: Workload) throws {
        population = try workload.network().populations[0]
        parallelism = workload.parallelism
        kernel = PopulationKernel(
            population, stepCount: workload.stepCount, parallelism: parallelism, instructionSet: .current)
        kernel.compile(population, parallelism: parallelism)
        raster = SpikeRaster(
            sampleCount: workload.batchSize, stepCount: workload.stepCount,
            neuronCount: population.neuronCount)
        var random = RandomStream(seed: Workload.seed, purpose: .analysis).generator()
        let deviation = (workload.density / 3).squareRoot()
        currents = AlignedBuffer(
            (0..<population.tileCount * tileWidth * raster.rowCount).map { _ in
                Float(deviation * Double.standardNormal(using: &random))
            })
        errors = AlignedBuffer(repeating: 0, count: currents.count)
        shares = Shares(tileCount: population.tileCount, sampleCount: workload.batchSize)
        instrumentGradient = AlignedBuffer(repeating: 0, count: shares.count * kernel.instrumentSize)
    }

    /// Neuron-steps of one pass.
    var neuronSteps: Double { Double(population.neuronCount * raster.rowCount) }

    mutating func setIdentities(_ sampleIndices: [Int]) {
        identities = AlignedBuffer(sampleIndices.map { UInt32(truncatingIfNeeded: $0) })
    }

    /// The adjoint overwrites the errors.
    mutating func resetErrors() {
        errors.mutableBase().update(repeating: 1e-3, count: errors.count)
    }

    mutating func step() {
        let spikes = SharedPointer(raster.words.mutableBase())
        let (rowCount, wordsPerRow) = (raster.rowCount, raster.wordsPerRow)
        let source = SharedConstantPointer(currents.base)
        let identity = SharedConstantPointer(identities.base)
        let random = RandomStream(seed: Workload.seed, purpose: .spike)
        let (kernel, population) = (kernel, population)
        forEachShare { tile, samples, thread, _ in
            kernel.step(
                PopulationKernel.Share(
                    tile: tile, thread: thread, neuronCount: population.neuronCount(ofTile: tile),
                    rowCount: rowCount, samples: samples),
                currents: source.base + tile * rowCount * tileWidth, spikes: spikes.base + tile,
                wordsPerRow: wordsPerRow, firingProbabilities: nil, rowSums: nil, identities: identity.base,
                random: random)
        }
    }

    mutating func adjoint() {
        let spikes = SharedConstantPointer(raster.words.base)
        let (rowCount, wordsPerRow) = (raster.rowCount, raster.wordsPerRow)
        let source = SharedConstantPointer(currents.base)
        let target = SharedPointer(errors.mutableBase())
        let gradients = SharedPointer(instrumentGradient.mutableBase())
        let (kernel, population) = (kernel, population)
        let size = kernel.instrumentSize
        forEachShare { tile, samples, thread, share in
            let gradient = gradients.base + share * size
            gradient.update(repeating: 0, count: size)
            kernel.adjoint(
                PopulationKernel.Share(
                    tile: tile, thread: thread, neuronCount: population.neuronCount(ofTile: tile),
                    rowCount: rowCount, samples: samples),
                currents: source.base + tile * rowCount * tileWidth, spikes: spikes.base + tile,
                wordsPerRow: wordsPerRow, errors: target.base + tile * rowCount * tileWidth,
                regulariser: nil, surrogate: .straightThrough, instrumentGradient: gradient)
        }
    }

    private func forEachShare(
        _ body: @Sendable (_ tile: Int, _ samples: Range<Int>, _ thread: Int, _ share: Int) -> Void
    ) {
        let shares = shares
        withExtendedLifetime(self) {
            parallelism.forEach(shares.count) { share, thread in
                let (tile, samples) = shares[share]
                body(tile, samples, thread, share)
            }
        }
    }
}

/// All steps of the hidden neurons for one batch, random numbers included.
struct NeuronStepScenario: Scenario {
    private let workload: Workload
    private var pass: NeuronPass

    init(_ workload: Workload) throws {
        self.workload = workload
        pass = try NeuronPass(workload)
    }

    mutating func prepare(repetition: Int) {
        pass.setIdentities(workload.sampleIndices(repetition: repetition))
    }

    mutating func run() { pass.step() }

    var work: Double { pass.neuronSteps }
}

/// The way back through the same steps, memory recomputed.
struct NeuronAdjointScenario: Scenario {
    private let workload: Workload
    private var pass: NeuronPass

    init(_ workload: Workload) throws {
        self.workload = workload
        pass = try NeuronPass(workload)
    }

    mutating func prepare(repetition: Int) {
        pass.setIdentities(workload.sampleIndices(repetition: repetition))
        pass.step()
        pass.resetErrors()
    }

    mutating func run() { pass.adjoint() }

    var work: Double { pass.neuronSteps }
}
