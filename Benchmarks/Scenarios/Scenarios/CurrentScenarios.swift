import Compute
import SpikeTrains
import SpikingNetworks
import SpikingNeurons

/// The synapses from the inputs onto the hidden layer, summed over as `NetworkSimulator` does in both directions,
/// without the neurons.
struct CurrentSums {
    /// Forward, threads share out every tile for every 64 samples; backward, every tile for at most 512 inputs.
    private static let samplesPerShare = 64
    private static let inputsPerShare = 512

    private let workload: Workload
    private let projection: Projection
    private var raster: SpikeRaster
    private var patterns = SpikePatterns()
    private var transposed = TransposedPatterns()
    /// Currents forward, errors backward: `[tile][row][64]`.
    private(set) var rows: AlignedBuffer<Float>
    /// `[tile][input][64]`
    private(set) var gradient: AlignedBuffer<Float>
    private var scratch: AlignedBuffer<Float>

    init(_ workload: Workload) throws {
        self.workload = workload
        projection = try workload.network().layers[0].projection
        raster = workload.input(repetition: 0)
        let tileCount = Population.tileCount(workload.hiddenCount)
        rows = AlignedBuffer(repeating: 1, count: tileCount * raster.rowCount * tileWidth)
        gradient = AlignedBuffer(repeating: 0, count: tileCount * projection.tileSize)
        scratch = AlignedBuffer(
            repeating: 0, count: Self.patternErrorSize * workload.threadCount)
    }

    private static var patternErrorSize: Int {
        TransposedPatterns.samplesPerRange << SpikePatterns.longestBlock * tileWidth
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
        let (sampleCount, stepCount) = (raster.sampleCount, raster.stepCount)
        let rangeCount = (sampleCount + Self.samplesPerShare - 1) / Self.samplesPerShare
        let currents = SharedPointer(rows.mutableBase())
        let weights = SharedConstantPointer(projection.weights.base)
        let weightTileSize = projection.tileSize
        let (kernels, patterns, hiddenCount) = (
            InstructionSet.current.kernels, patterns, workload.hiddenCount
        )
        withExtendedLifetime(self) {
            workload.parallelism.forEach(Population.tileCount(hiddenCount) * rangeCount) { share, _ in
                let tile = share / rangeCount
                let first = share % rangeCount * Self.samplesPerShare
                for sample in first..<min(first + Self.samplesPerShare, sampleCount) {
                    for block in 0..<patterns.blockCount {
                        let row = sample * stepCount + block * patterns.blockLength
                        let part = sample * patterns.blockCount + block
                        kernels.addRows(
                            RowAdditionTask(
                                weights: weights.base + tile * weightTileSize,
                                starts: patterns.starts.base + part * patterns.startsPerBlock,
                                inputs: patterns.inputs.base, stepCount: patterns.length(ofBlock: block),
                                neuronCount: min(hiddenCount - tile * tileWidth, tileWidth),
                                currents: currents.base + tile * tileSize + row * tileWidth))
                    }
                }
            }
        }
    }

    mutating func addErrors() {
        transposed.transpose(
            patterns, sampleCount: raster.sampleCount, inputCount: workload.inputCount,
            parallelism: workload.parallelism)
        let (inputCount, hiddenCount) = (workload.inputCount, workload.hiddenCount)
        let shareCount = (inputCount + Self.inputsPerShare - 1) / Self.inputsPerShare
        let inputsPerShare = (inputCount + shareCount - 1) / shareCount
        let tileSize = raster.rowCount * tileWidth
        let (sampleCount, stepCount) = (raster.sampleCount, raster.stepCount)
        let samplesPerRange = TransposedPatterns.samplesPerRange
        let errors = SharedConstantPointer(rows.base)
        let target = SharedPointer(gradient.mutableBase())
        let working = SharedPointer(scratch.mutableBase())
        let (kernels, patterns, transposed) = (InstructionSet.current.kernels, patterns, transposed)
        withExtendedLifetime(self) {
            workload.parallelism.forEach(Population.tileCount(hiddenCount) * shareCount) { share, thread in
                let (tile, part) = (share / shareCount, share % shareCount)
                let first = part * inputsPerShare
                let inputs = first..<min(first + inputsPerShare, inputCount)
                let gradient = target.base + (tile * inputCount + first) * tileWidth
                gradient.update(repeating: 0, count: inputs.count * tileWidth)
                for range in 0..<transposed.rangeCount {
                    let firstSample = range * samplesPerRange
                    for block in 0..<patterns.blockCount {
                        let row = firstSample * stepCount + block * patterns.blockLength
                        let list = (range * patterns.blockCount + block) * (inputCount + 1)
                        kernels.addErrors(
                            ErrorAdditionTask(
                                errors: errors.base + tile * tileSize + row * tileWidth,
                                sampleStride: stepCount * tileWidth,
                                sampleCount: min(samplesPerRange, sampleCount - firstSample),
                                stepCount: patterns.length(ofBlock: block),
                                positions: transposed.positions.base + list + first,
                                entries: transposed.entries.base, inputCount: inputs.count,
                                neuronCount: min(hiddenCount - tile * tileWidth, tileWidth),
                                patternErrors: working.base + thread * Self.patternErrorSize,
                                gradient: gradient))
                    }
                }
            }
        }
    }
}

/// Sums of weights of one batch onto the hidden layer, the listing of its spikes included.
struct CurrentsForwardScenario: Scenario {
    private let workload: Workload
    private(set) var sums: CurrentSums

    init(_ workload: Workload) throws {
        self.workload = workload
        sums = try CurrentSums(workload)
    }

    mutating func prepare(repetition: Int) { sums.setInput(workload.input(repetition: repetition)) }

    mutating func run() {
        sums.list()
        sums.addWeights()
    }

    var work: Double { sums.additions }
}

/// Sums of errors of one batch: the gradient of the synapses onto the hidden layer, the transposition of its spikes
/// included.
struct CurrentsBackwardScenario: Scenario {
    private let workload: Workload
    private(set) var sums: CurrentSums

    init(_ workload: Workload) throws {
        self.workload = workload
        sums = try CurrentSums(workload)
    }

    mutating func prepare(repetition: Int) {
        sums.setInput(workload.input(repetition: repetition))
        sums.list()
    }

    mutating func run() { sums.addErrors() }

    var work: Double { sums.additions }
}
