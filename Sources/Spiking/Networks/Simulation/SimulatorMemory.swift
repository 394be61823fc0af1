import Compute
import SpikeTrains
import Neurons

/// Working memory of one population in a simulator.
final class PopulationMemory: @unchecked Sendable {
    // Sharing is sound because threads write to parts of their own, and nothing is resized while they run.
    let simulator: PopulationSimulator
    let channelCount: Int
    let currentCount: Int
    var raster: SpikeRaster
    /// z, `[tile][current][row][64]`
    var currents = WorkingBuffer<Float>()
    /// ∂L/∂s of the channels, then ∂L/∂z, laid out as the currents.
    var errors = WorkingBuffer<Float>()
    /// p(s = 1) of the channels, likewise, where somebody asks.
    var firing = WorkingBuffer<Float>()
    /// Σ u and Σ u² of each tile and row, over 16 lanes, `[tile][row][2][16]`.
    var activitySums = WorkingBuffer<Float>()
    /// Regulariser factors (A, B), `[row][2]`.
    var factors = WorkingBuffer<Float>()
    /// ∂L/∂(compiled), `[tile][share][…]`.
    var compiledGradient = WorkingBuffer<Float>()

    private var tileCount: Int { Population.tileCount(raster.neuronCount) }

    /// Elements of one current of a tile.
    var planeSize: Int { raster.rowCount * tileWidth }

    /// Elements of a tile of `currents` and `errors`.
    var tileSize: Int { currentCount * planeSize }

    init(simulator: PopulationSimulator, model: any NeuronModel, neuronCount: Int) {
        self.simulator = simulator
        channelCount = model.channelCount
        currentCount = model.currentCount
        raster = SpikeRaster(
            sampleCount: 0, stepCount: simulator.stepCount, neuronCount: neuronCount,
            channelCount: channelCount)
    }

    /// Makes room for a batch.
    func prepare(sampleCount: Int, regularizes: Bool, tellsFiring: Bool) {
        if raster.sampleCount != sampleCount {
            raster = SpikeRaster(
                sampleCount: sampleCount, stepCount: simulator.stepCount, neuronCount: raster.neuronCount,
                channelCount: channelCount)
        }
        simulator.prepare(sampleCount: sampleCount)
        currents.resize(to: tileCount * tileSize)
        firing.resize(to: tellsFiring ? tileCount * tileSize : 0)
        activitySums.resize(to: regularizes ? tileCount * raster.rowCount * 32 : 0)
    }
}

/// Working memory of one projection in a simulator.
struct ProjectionMemory {
    /// Nodes of the graph; nil for the input.
    let source: Int?
    let target: Int
    let delay: Int
    let pooling: SpikePooling?
    /// Neurons whose spikes the synapses see.
    let inputCount: Int
    /// Channels of the source, of which each has weights onto one current of the target; a single one onto all of them.
    let sourceChannelCount: Int
    let currentCount: Int
    /// Whether it is weights of real numbers.
    let takesValues: Bool
    /// Spikes as they arrive, one raster a channel of the source; empty where they are those of the source as they are.
    var arriving: [SpikeRaster] = []
    /// Those of one step, likewise, inside cycles.
    var arrivingStep: [SpikeRaster] = []
    /// Of full projections, one a channel of the source.
    var patterns: [SpikePatterns]
    var stepPatterns: [SpikePatterns]
    /// What arrives in place of spikes, from an input of values.
    var values = ArrivingValues()
    /// nil where sums are taken in single precision, and for real numbers.
    var fixedWeights: FixedWeights?
    var transposed: [TransposedPatterns]
    /// Of full projections the weights `[current][presynaptic tile][neuron][64]`, of others as they are: kept for the
    /// errors of the source, as the parameters may change before.
    var keptWeights = WorkingBuffer<Float>()
    /// Parts of the gradient of a projection of runs, `[share of samples][weight]`.
    var runGradients = WorkingBuffer<Float>()
    /// ∂L/∂s of the pooled plane, `[tile][channel][row][64]`; empty without pooling.
    var pooledErrors = WorkingBuffer<Float>()

    init(_ projection: Projection, of edge: NetworkGraph.Edge, in graph: NetworkGraph) {
        source = graph.nodeIndex(edge.source)
        target = graph.nodeIndex(edge.target) ?? 0
        delay = edge.delay
        pooling = edge.pooling
        inputCount = projection.inputCount
        sourceChannelCount = graph.sourceChannelCount(edge)
        currentCount = projection.currentCount
        takesValues = source == nil && graph.input.signal == .values
        let listed = projection.runs == nil && !takesValues ? 0..<sourceChannelCount : 0..<0
        patterns = listed.map { _ in SpikePatterns() }
        stepPatterns = patterns
        transposed = listed.map { _ in TransposedPatterns() }
    }

    /// Whether the source's raster can be read as it is.
    var isDirect: Bool { delay == 0 && sourceChannelCount == 1 && pooling == nil }

    /// The channel of the source whose spikes make a current.
    func channel(ofCurrent current: Int) -> Int { sourceChannelCount == 1 ? 0 : current }
}

extension Projection {
    /// Elements of its weights as they are kept for the errors of the source: ``ProjectionMemory/keptWeights``.
    var keptWeightCount: Int {
        runs == nil
            ? currentCount * Population.tileCount(inputCount) * neuronCount * tileWidth : weights.count
    }
}

/// The work of a population: every tile for every range of samples, tile after tile.
package struct Shares: Sendable {
    /// Samples of one share of work at most: small enough to balance threads, and part of the order of summation
    /// of gradients, so it is the same for any number of threads.
    static let samplesPerShare = 64

    let tileCount: Int
    let sampleCount: Int
    private let samplesPerShare: Int

    package init(tileCount: Int, sampleCount: Int) {
        self.init(tileCount: tileCount, sampleCount: sampleCount, samplesPerShare: Self.samplesPerShare)
    }

    private init(tileCount: Int, sampleCount: Int, samplesPerShare: Int) {
        (self.tileCount, self.sampleCount) = (tileCount, sampleCount)
        self.samplesPerShare = samplesPerShare
    }

    /// For work that sums nothing over samples: smaller shares where there are few, so that a population of one tile does not leave
    /// all threads but one without work.
    var balanced: Shares {
        count >= 16 ? self : Shares(tileCount: tileCount, sampleCount: sampleCount, samplesPerShare: 16)
    }

    var rangeCount: Int { sampleCount.dividedRoundingUp(by: samplesPerShare) }
    package var count: Int { tileCount * rangeCount }

    /// Runs `body(share, thread)` for every share. Where there are tiles enough, a thread takes all shares of a tile, which then
    /// stays in its cache.
    package func forEach(_ parallelism: Parallelism, _ body: @Sendable (_ share: Int, _ thread: Int) -> Void)
    {
        let together = tileCount >= 8 * parallelism.threadCount ? rangeCount : 1
        parallelism.forEach(count / together) { unit, thread in
            for share in unit * together..<(unit + 1) * together { body(share, thread) }
        }
    }

    package subscript(index: Int) -> (tile: Int, samples: Range<Int>) {
        let first = index % rangeCount * samplesPerShare
        return (index / rangeCount, first..<min(first + samplesPerShare, sampleCount))
    }
}
