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
    private let fixedWeights: FixedWeights?
    /// Currents forward, errors backward: `[tile][row][64]`.
    let rows: WorkingBuffer<Float>
    /// `[tile][input][64]`
    let gradient: WorkingBuffer<Float>
    private var scratch = WorkingBuffer<Float>()

    init(_ workload: Workload) throws {
        self.workload = workload
        projection = try workload.network().projections[0]
        raster = workload.input(repetition: 0)
        fixedWeights =
            workload.precision == .fixed16
            ? FixedWeights(projection, threadCount: workload.threadCount) : nil
        let tileCount = Population.tileCount(workload.hiddenCount)
        rows = WorkingBuffer(count: tileCount * raster.rowCount * tileWidth)
        rows.view.fill(with: 1)
        gradient = WorkingBuffer(count: tileCount * projection.tileSize)
    }

    /// Bytes of the rows that one thread adds up for one result: a tile of weights, or of errors.
    static func workingSetBytes(_ workload: Workload, isForward: Bool) -> Int {
        let rowCount = isForward ? workload.inputCount : workload.batchSize * workload.stepCount
        return rowCount * tileWidth * workload.precision.byteCount
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
        fixedWeights?.update(projection, parallelism: workload.parallelism)
        let (currents, sums) = (rows, CurrentSums(projection, patterns, fixed: fixedWeights))
        shares.forEach(workload.parallelism) { share, thread in
            let (tile, samples) = shares[share]
            sums.sum(tile: tile, samples: samples, to: currents.part(tile, size: tileSize), thread: thread)
        }
    }

    mutating func addErrors() {
        let inputCount = workload.inputCount
        transposed.transpose(
            patterns, sampleCount: raster.sampleCount, inputCount: inputCount,
            parallelism: workload.parallelism)
        let sums = GradientSums(
            patterns, transposed, inputCount: inputCount, neuronCount: workload.hiddenCount,
            sampleCount: raster.sampleCount, precision: workload.precision,
            threadCount: workload.threadCount)
        let (tileSize, scratchSize) = (raster.rowCount * tileWidth, sums.scratchSize)
        scratch.resize(to: scratchSize * workload.threadCount)
        let (errors, target, scratch) = (rows, gradient.view, scratch)
        workload.parallelism.forEach(sums.shareCount) { number, thread in
            let share = sums.share(number)
            sums.sum(
                share, errors: errors.part(share.tile, size: tileSize).view,
                to: target[
                    (share.tile * inputCount + share.inputs.lowerBound)
                        * tileWidth..<(share.tile
                        * inputCount + share.inputs.upperBound) * tileWidth],
                scratch: scratch.part(thread, size: scratchSize))
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
