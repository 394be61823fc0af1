import Compute
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
    private let simulator: PopulationSimulator
    private let shares: Shares
    /// `[tile][current][row][64]`
    private let currents: AlignedBuffer<Float>
    private var raster: SpikeRaster
    private var identities = AlignedBuffer<UInt32>(repeating: 0, count: 0)
    private let errors: WorkingBuffer<Float>
    private let compiledGradient: WorkingBuffer<Float>

    init(_ workload: Workload) throws {
        population = try workload.network().populations[0]
        parallelism = workload.parallelism
        simulator = PopulationSimulator(
            population, stepCount: workload.stepCount, parallelism: parallelism, instructionSet: .current)
        simulator.compile(population, parallelism: parallelism)
        raster = SpikeRaster(
            sampleCount: workload.batchSize, stepCount: workload.stepCount,
            neuronCount: population.neuronCount, channelCount: population.model.channelCount)
        var random = RandomStream(seed: Workload.seed, purpose: .analysis).generator()
        let deviation = (workload.density / 3).squareRoot()
        currents = AlignedBuffer(
            (0..<population.tileCount * population.model.currentCount * tileWidth * raster.rowCount).map {
                _ in
                Float(deviation * Double.standardNormal(using: &random))
            })
        errors = WorkingBuffer(count: currents.count)
        shares = Shares(tileCount: population.tileCount, sampleCount: workload.batchSize)
        compiledGradient = WorkingBuffer(count: shares.count * simulator.compiledSize)
    }

    private var tileSize: Int { population.model.currentCount * raster.rowCount * tileWidth }

    /// Neuron-steps of one pass.
    var neuronSteps: Double { Double(population.neuronCount * raster.rowCount) }

    mutating func setIdentities(_ sampleIndices: [Int]) {
        identities = AlignedBuffer(sampleIndices.map { UInt32(truncatingIfNeeded: $0) })
    }

    /// The adjoint overwrites the errors.
    func resetErrors() { errors.view.fill(with: 1e-3) }

    mutating func step() {
        let (spikes, wordsPerRow) = (raster.words.mutableView(), raster.wordsPerRow)
        let (currents, identities) = (currents.view, identities.view)
        let random = RandomStream(seed: Workload.seed, purpose: .spike)
        let (simulator, tileSize, channelCount) = (simulator, tileSize, raster.channelCount)
        forEachShare { share, _ in
            simulator.step(
                share, currents: currents.part(share.tile, size: tileSize),
                spikes: spikes[(share.tile * channelCount)...], wordsPerRow: wordsPerRow,
                identities: identities, random: random)
        }
    }

    func adjoint() {
        let (spikes, wordsPerRow) = (raster.words.view, raster.wordsPerRow)
        let (currents, errors, gradients) = (currents.view, errors, compiledGradient)
        let (simulator, tileSize, channelCount) = (simulator, tileSize, raster.channelCount)
        forEachShare { share, number in
            let gradient = gradients.part(number, size: simulator.compiledSize)
            gradient.fill(with: 0)
            simulator.adjoint(
                share, currents: currents.part(share.tile, size: tileSize),
                spikes: spikes[(share.tile * channelCount)...], wordsPerRow: wordsPerRow,
                errors: errors.part(share.tile, size: tileSize),
                surrogate: .straightThrough, compiledGradient: gradient)
        }
    }

    private func forEachShare(_ body: @Sendable (PopulationSimulator.Share, _ number: Int) -> Void) {
        let (shares, population, rowCount) = (shares, population, raster.rowCount)
        parallelism.forEach(shares.count) { number, thread in
            let (tile, samples) = shares[number]
            body(
                PopulationSimulator.Share(
                    tile: tile, thread: thread, neuronCount: population.neuronCount(ofTile: tile),
                    rowCount: rowCount, samples: samples),
                number)
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
