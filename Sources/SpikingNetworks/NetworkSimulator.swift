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
    ///   - stepCount: time steps T of a run, at least 1.
    ///   - carriesMemory: whether runs may go on with one sample where the last one stopped.
    package init(
        _ network: Network, stepCount: Int, parallelism: Parallelism, carriesMemory: Bool = false,
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
                    carriesMemory: carriesMemory, instructionSet: instructionSet))
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

    /// Whether a neuron fired in the first row of the last run.
    func hasFired(_ neuron: Int, layer: Int) -> Bool { memories[layer].raster[0, 0, neuron] }

    /// Spikes of each layer in the last run, summed over samples and steps.
    package var spikeCounts: [Int] { memories.map(\.raster.spikeCount) }

    /// Runs one batch.
    ///
    /// - Parameters:
    ///   - input: spikes of the inputs.
    ///   - sampleIndices: identity of each sample in the random streams.
    ///   - seed, epoch: address of the random numbers of the measurements.
    ///   - firstStep: of the input in its sample: not 0 only with ``init``'s `carriesMemory`.
    ///   - regularizes: whether the sums that the regulariser needs are kept.
    package func run(
        _ network: Network, input: SpikeRaster, sampleIndices: [Int], seed: UInt64, epoch: Int,
        firstStep: Int = 0, regularizes: Bool = false
    ) {
        precondition(input.stepCount == stepCount && input.sampleCount == sampleIndices.count)
        precondition(input.neuronCount == network.inputCount)
        identities.resize(to: sampleIndices.count)
        let target = identities.mutableBase()
        for (sample, index) in sampleIndices.enumerated() {
            target[sample] = UInt32(truncatingIfNeeded: index)
        }
        for layer in network.layers.indices {
            let raster = layer == 0 ? input : memories[layer - 1].raster
            let random = RandomStream(seed: seed, purpose: .spike, population: layer, epoch: epoch)
            runLayer(
                layer, network.layers[layer], raster, random: random, firstStep: firstStep,
                regularizes: regularizes)
        }
    }

    private func runLayer(
        _ index: Int, _ layer: Network.Layer, _ presynaptic: SpikeRaster, random: RandomStream,
        firstStep: Int, regularizes: Bool
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
        let identity = SharedConstantPointer(identities.base)
        let kernel = memories[index].kernel
        kernel.prepare(sampleCount: sampleCount)
        let currentSums = CurrentSums(layer.projection, memories[index].presynaptic, kernels: kernels)
        let shares = Shares(tileCount: population.tileCount, sampleCount: sampleCount)
        withExtendedLifetime(self) {
            parallelism.forEach(shares.count) { share, thread in
                let (tile, samples) = shares[share]
                let tileCurrents = currents.base + tile * tileSize
                currentSums.sum(tile: tile, samples: samples, to: tileCurrents)
                kernel.step(
                    PopulationKernel.Share(
                        tile: tile, thread: thread, neuronCount: population.neuronCount(ofTile: tile),
                        rowCount: rowCount, samples: samples),
                    currents: tileCurrents, spikes: spikes.base + tile, wordsPerRow: wordsPerRow,
                    firingProbabilities: nil, rowSums: regularizes ? sums.base + tile * rowCount * 32 : nil,
                    identities: identity.base, random: random, firstStep: firstStep)
            }
        }
    }

    /// The work of a layer: every tile for every range of samples, tile after tile.
    package struct Shares: Sendable {
        let tileCount: Int
        let sampleCount: Int

        package init(tileCount: Int, sampleCount: Int) {
            self.tileCount = tileCount
            self.sampleCount = sampleCount
        }

        var rangeCount: Int { (sampleCount + samplesPerShare - 1) / samplesPerShare }
        package var count: Int { tileCount * rangeCount }

        package subscript(index: Int) -> (tile: Int, samples: Range<Int>) {
            let first = index % rangeCount * samplesPerShare
            return (index / rangeCount, first..<min(first + samplesPerShare, sampleCount))
        }
    }
}
