import Compute
import SpikeTrains
import Neurons

/// Working memory of one population in a simulator.
struct PopulationMemory {
    let kernel: PopulationKernel
    let channelCount: Int
    var raster: SpikeRaster
    /// `[tile][channel][row][64]`
    var currents = AlignedBuffer<Float>(repeating: 0, count: 0)
    /// ∂L/∂s, then ∂L/∂z.
    var errors = AlignedBuffer<Float>(repeating: 0, count: 0)
    /// Σ p and Σ p² of each tile and row, over 16 lanes, `[tile][row][2][16]`.
    var rowSums = AlignedBuffer<Float>(repeating: 0, count: 0)
    /// Regulariser factors (A, B), `[row][2]`.
    var factors = AlignedBuffer<Float>(repeating: 0, count: 0)
    /// `[tile][share][instrument]`
    var instrumentGradient = AlignedBuffer<Float>(repeating: 0, count: 0)

    private var tileCount: Int { Population.tileCount(raster.neuronCount) }

    /// Elements of a tile of `currents` and `errors`.
    var tileSize: Int { channelCount * raster.rowCount * tileWidth }

    /// Makes room for a batch.
    mutating func prepare(sampleCount: Int, regularizes: Bool) {
        if raster.sampleCount != sampleCount {
            raster = SpikeRaster(
                sampleCount: sampleCount, stepCount: kernel.stepCount, neuronCount: raster.neuronCount,
                channelCount: channelCount)
        }
        kernel.prepare(sampleCount: sampleCount)
        currents.resize(to: tileCount * tileSize)
        rowSums.resize(to: regularizes ? tileCount * raster.rowCount * 32 : 0)
    }
}

/// Working memory of one projection in a simulator.
struct ProjectionMemory {
    /// Nodes of the graph; nil for the input.
    let source: Int?
    let target: Int
    let delay: Int
    let channelCount: Int
    /// Spikes as they arrive, one raster a channel; empty where they are those of the source as they are.
    var arriving: [SpikeRaster] = []
    /// Those of one step, likewise, inside cycles.
    var arrivingStep: [SpikeRaster] = []
    /// Of full projections, one a channel.
    var patterns: [SpikePatterns]
    var stepPatterns: [SpikePatterns]
    var transposed: [TransposedPatterns]
    /// Of full projections the weights `[channel][presynaptic tile][neuron][64]`, of others as they are: kept for the
    /// errors of the source, as the parameters may change before.
    var keptWeights = AlignedBuffer<Float>(repeating: 0, count: 0)
    /// Parts of the gradient of a projection of runs, `[share of samples][weight]`.
    var runGradients = AlignedBuffer<Float>(repeating: 0, count: 0)

    init(_ projection: Projection, source: Int?, target: Int, delay: Int) {
        self.source = source
        self.target = target
        self.delay = delay
        channelCount = projection.channelCount
        let isFull = projection.runs == nil
        patterns = isFull ? (0..<projection.channelCount).map { _ in SpikePatterns() } : []
        stepPatterns = patterns
        transposed = isFull ? (0..<projection.channelCount).map { _ in TransposedPatterns() } : []
    }

    /// Whether the source's raster can be read as it is.
    var isDirect: Bool { delay == 0 && channelCount == 1 }
}

extension Projection {
    /// Elements of its weights as they are kept for the errors of the source: ``ProjectionMemory/keptWeights``.
    var keptWeightCount: Int {
        runs == nil
            ? channelCount * Population.tileCount(inputCount) * neuronCount * tileWidth : weights.count
    }
}

/// The work of a population: every tile for every range of samples, tile after tile.
package struct Shares: Sendable {
    /// Samples of one share of work: small enough to balance threads, and part of the order of summation
    /// of gradients, so it is the same for any number of threads.
    static let samplesPerShare = 64

    let tileCount: Int
    let sampleCount: Int

    package init(tileCount: Int, sampleCount: Int) {
        self.tileCount = tileCount
        self.sampleCount = sampleCount
    }

    var rangeCount: Int { (sampleCount + Self.samplesPerShare - 1) / Self.samplesPerShare }
    package var count: Int { tileCount * rangeCount }

    package subscript(index: Int) -> (tile: Int, samples: Range<Int>) {
        let first = index % rangeCount * Self.samplesPerShare
        return (index / rangeCount, first..<min(first + Self.samplesPerShare, sampleCount))
    }
}
