import Compute
import SpikeTrains
import Networks
import Neurons

/// The sums over the synapses from the inputs onto the hidden layer in both directions, without the neurons.
struct SynapsePasses {
    private let workload: Workload
    private let projection: Projection
    private var raster: SpikeRaster
    private var patterns = SpikePatterns()
    private var transposed = TransposedPatterns()
    /// Currents forward, errors backward: `[tile][row][64]`.
    private(set) var rows: AlignedBuffer<Float>
    /// `[tile][input][64]`
    private(set) var gradient: AlignedBuffer<Float>
    private var scratch = AlignedBuffer<Float>(repeating: 0, count: 0)

    init(_ workload: Workload) throws {
        self.workload = workload
        projection = try workload.network().projections[0]
        raster = workload.input(repetition: 0)
        let tileCount = Population.tileCount(workload.hiddenCount)
        rows = AlignedBuffer(repeating: 1, count: tileCount * raster.rowCount * tileWidth)
        gradient = AlignedBuffer(repeating: 0, count: tileCount * projection.tileSize)
    }

    /// Bytes of the rows that one thread adds up for one result: a tile of weights, or of errors.
    static func workingSetBytes(_ workload: Workload, isForward: Bool) -> Int {
        let rowCount = isForward ? workload.inputCount : workload.batchSize * workload.stepCount
        return rowCount * tileWidth * MemoryLayout<Float>.size
    }

    /// Additions of one pass: spikes times postsynaptic neurons.
    var additions: Double { Double(raster.spikeCount * workload.hiddenCount) }

    mutating func setInput(_ input: SpikeRaster) { raster = input }

    /// Lists the spikes by their patterns, as both directions need them.
    mutating func list() { patterns.list(raster, parallelism: workload.parallelism) }

    mutating func addWeights() {
        let tileSize = raster.rowCount * tileWidth
        let shares = Shares(
            tileCount: Population.tileCount(workload.hiddenCount), sampleCount: raster.sampleCount)
        let currents = SharedPointer(rows.mutableBase())
        let sums = CurrentSums(projection, patterns)
        workload.parallelism.forEach(shares.count) { share, _ in
            let (tile, samples) = shares[share]
            sums.sum(tile: tile, samples: samples, to: currents.base + tile * tileSize)
        }
    }

    mutating func addErrors() {
        let inputCount = workload.inputCount
        transposed.transpose(
            patterns, sampleCount: raster.sampleCount, inputCount: inputCount,
            parallelism: workload.parallelism)
        let sums = GradientSums(
            patterns, transposed, inputCount: inputCount, neuronCount: workload.hiddenCount,
            sampleCount: raster.sampleCount)
        let (tileSize, scratchSize) = (raster.rowCount * tileWidth, sums.scratchSize)
        scratch.resize(to: scratchSize * workload.threadCount)
        let errors = SharedConstantPointer(rows.base)
        let target = SharedPointer(gradient.mutableBase())
        let working = SharedPointer(scratch.mutableBase())
        workload.parallelism.forEach(sums.shareCount) { number, thread in
            let share = sums.share(number)
            sums.sum(
                share, errors: errors.base + share.tile * tileSize,
                to: target.base + (share.tile * inputCount + share.inputs.lowerBound) * tileWidth,
                scratch: working.base + thread * scratchSize)
        }
    }
}

/// Sums of weights of one batch onto the hidden layer, the listing of its spikes included.
struct CurrentsForwardScenario: Scenario {
    private let workload: Workload
    private(set) var passes: SynapsePasses

    init(_ workload: Workload) throws {
        self.workload = workload
        passes = try SynapsePasses(workload)
    }

    mutating func prepare(repetition: Int) { passes.setInput(workload.input(repetition: repetition)) }

    mutating func run() {
        passes.list()
        passes.addWeights()
    }

    var work: Double { passes.additions }
}

/// Sums of errors of one batch: the gradient of the synapses onto the hidden layer, the transposition of its spikes
/// included.
struct CurrentsBackwardScenario: Scenario {
    private let workload: Workload
    private(set) var passes: SynapsePasses

    init(_ workload: Workload) throws {
        self.workload = workload
        passes = try SynapsePasses(workload)
    }

    mutating func prepare(repetition: Int) {
        passes.setInput(workload.input(repetition: repetition))
        passes.list()
    }

    mutating func run() { passes.addErrors() }

    var work: Double { passes.additions }
}
