import Compute
import SpikeTrains
import SpikingNeurons

/// Takes the gradient of a projection or of a population's angles as it is computed, tile part by tile
/// part, while it is in cache.
package protocol GradientReceiver: Sendable {
    /// Gradient of `gradient.count` weights of a layer from `offset` (elements of the packed weights) on.
    /// Called from any thread, never twice for an element in one pass.
    func receiveWeights(layer: Int, offset: Int, gradient: UnsafeBufferPointer<Float>)
    /// Likewise for angles, `[tile][angle][64]`.
    func receiveAngles(layer: Int, offset: Int, gradient: UnsafeBufferPointer<Float>)
}

/// Runs batches through a network and back, layer by layer, all steps of a layer at once.
///
/// Holds the working memory of the largest batch so far. Threads share out tiles of neurons and ranges of
/// samples; every sum is taken in the same order whatever their number.
package final class NetworkSimulator {
    /// Samples of one share of work: small enough to balance threads, and part of the order of summation
    /// of the angle gradients, so it is the same for any number of threads.
    static let samplesPerShare = 64
    /// Inputs whose weight gradients one thread holds at a time: 512 × 64 numbers, an eighth of a megabyte.
    static let inputsPerShare = 512

    struct LayerMemory {
        let kernel: PopulationKernel
        var raster = SpikeRaster(sampleCount: 0, stepCount: 1, neuronCount: 1)
        /// `[tile][row][64]`
        var currents = AlignedBuffer<Float>(repeating: 0, count: 0)
        /// ∂L/∂s, then ∂L/∂z.
        var errors = AlignedBuffer<Float>(repeating: 0, count: 0)
        /// Σ p and Σ p² of each tile and row, over 16 lanes, `[tile][row][2][16]`.
        var rowSums = AlignedBuffer<Float>(repeating: 0, count: 0)
        /// Regulariser factors (A, B), `[row][2]`.
        var factors = AlignedBuffer<Float>(repeating: 0, count: 0)
        /// `[tile][share][instrument]`
        var instrumentGradient = AlignedBuffer<Float>(repeating: 0, count: 0)
        var presynaptic = SpikePatterns()
        var transposed = TransposedPatterns()
        /// Weights onto this layer, `[presynaptic tile][neuron][64]`.
        var transposedWeights = AlignedBuffer<Float>(repeating: 0, count: 0)
    }

    package let stepCount: Int
    package let parallelism: Parallelism
    var memories: [LayerMemory]
    private var identities = AlignedBuffer<UInt32>(repeating: 0, count: 0)
    var scratch = AlignedBuffer<Float>(repeating: 0, count: 0)

    /// - Parameters:
    ///   - network: only its shape is used here; `compile` takes its angles.
    ///   - stepCount: time steps T, at least 1.
    package init(
        _ network: Network, stepCount: Int, parallelism: Parallelism,
        instructionSet: InstructionSet = .current
    ) {
        precondition(stepCount > 0, "a run has at least one step")
        self.stepCount = stepCount
        self.parallelism = parallelism
        kernels = instructionSet.kernels
        memories = network.layers.map {
            LayerMemory(
                kernel: PopulationKernel(
                    $0.population, stepCount: stepCount, parallelism: parallelism,
                    instructionSet: instructionSet))
        }
    }

    let kernels: any KernelSet.Type

    /// Makes the instruments from the network's angles: after every change of them, before the next run.
    package func compile(_ network: Network) {
        for (index, layer) in network.layers.enumerated() {
            memories[index].kernel.compile(layer.population, parallelism: parallelism)
        }
    }

    /// Spikes of each layer in the last run.
    package var rasters: [SpikeRaster] { memories.map(\.raster) }

    package var outputRaster: SpikeRaster { memories[memories.count - 1].raster }

    /// Spikes of each layer in the last run, summed over samples and steps.
    package var spikeCounts: [Int] { memories.map(\.raster.spikeCount) }

    /// Runs one batch.
    ///
    /// - Parameters:
    ///   - input: spikes of the inputs.
    ///   - sampleIndices: identity of each sample in the random streams.
    ///   - seed, epoch: address of the random numbers of the measurements.
    ///   - regularizes: whether the sums that the regulariser needs are kept.
    package func run(
        _ network: Network, input: SpikeRaster, sampleIndices: [Int], seed: UInt64, epoch: Int,
        regularizes: Bool = false
    ) {
        precondition(input.stepCount == stepCount && input.sampleCount == sampleIndices.count)
        precondition(input.neuronCount == network.inputCount)
        identities = AlignedBuffer(sampleIndices.map { UInt32(truncatingIfNeeded: $0) })
        for layer in network.layers.indices {
            let raster = layer == 0 ? input : memories[layer - 1].raster
            let random = RandomStream(seed: seed, purpose: .spike, population: layer, epoch: epoch)
            runLayer(layer, network.layers[layer], raster, random: random, regularizes: regularizes)
        }
    }

    private func runLayer(
        _ index: Int, _ layer: Network.Layer, _ presynaptic: SpikeRaster, random: RandomStream,
        regularizes: Bool
    ) {
        let population = layer.population
        let (rowCount, sampleCount, stepCount) = (presynaptic.rowCount, presynaptic.sampleCount, stepCount)
        let tileSize = rowCount * tileWidth
        memories[index].presynaptic.list(presynaptic, parallelism: parallelism)
        memories[index].currents.resize(to: population.tileCount * tileSize)
        memories[index].rowSums.resize(to: regularizes ? population.tileCount * rowCount * 32 : 0)
        if memories[index].raster.sampleCount != sampleCount
            || memories[index].raster.neuronCount != population.neuronCount
        {
            memories[index].raster = SpikeRaster(
                sampleCount: sampleCount, stepCount: stepCount, neuronCount: population.neuronCount)
        }
        let wordsPerRow = memories[index].raster.wordsPerRow
        let currents = SharedPointer(memories[index].currents.mutableBase())
        let sums = SharedPointer(memories[index].rowSums.mutableBase())
        let spikes = SharedPointer(memories[index].raster.words.mutableBase())
        let patterns = memories[index].presynaptic
        let weights = SharedConstantPointer(layer.projection.weights.base)
        let identity = SharedConstantPointer(identities.base)
        let (kernel, kernels) = (memories[index].kernel, kernels)
        let weightTileSize = layer.projection.tileSize
        let shares = Shares(tileCount: population.tileCount, sampleCount: sampleCount)
        withExtendedLifetime((self, layer)) {
            parallelism.forEach(shares.count) { share, thread in
                let (tile, samples) = shares[share]
                let tileCurrents = currents.base + tile * tileSize
                let neuronCount = population.neuronCount(ofTile: tile)
                for sample in samples {
                    for block in 0..<patterns.blockCount {
                        let row = sample * stepCount + block * patterns.blockLength
                        let part = sample * patterns.blockCount + block
                        kernels.addRows(
                            RowAdditionTask(
                                weights: weights.base + tile * weightTileSize,
                                starts: patterns.starts.base + part * patterns.startsPerBlock,
                                inputs: patterns.inputs.base, stepCount: patterns.length(ofBlock: block),
                                neuronCount: neuronCount,
                                currents: tileCurrents + row * tileWidth))
                    }
                }
                kernel.step(
                    PopulationKernel.Share(
                        tile: tile, thread: thread, neuronCount: neuronCount, rowCount: rowCount,
                        samples: samples),
                    currents: tileCurrents, spikes: spikes.base + tile, wordsPerRow: wordsPerRow,
                    firingProbabilities: nil, rowSums: regularizes ? sums.base + tile * rowCount * 32 : nil,
                    identities: identity.base, random: random)
            }
        }
    }

    /// The work of a layer: every tile for every range of samples, tile after tile.
    struct Shares: Sendable {
        let tileCount: Int
        let sampleCount: Int
        var rangeCount: Int { (sampleCount + samplesPerShare - 1) / samplesPerShare }
        var count: Int { tileCount * rangeCount }

        subscript(index: Int) -> (tile: Int, samples: Range<Int>) {
            let first = index % rangeCount * samplesPerShare
            return (index / rangeCount, first..<min(first + samplesPerShare, sampleCount))
        }
    }
}
