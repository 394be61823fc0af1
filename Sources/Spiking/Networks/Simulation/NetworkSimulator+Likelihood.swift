import Compute
import Neurons

extension NetworkSimulator {
    /// p(s_t | s^{t−1}) of each neuron of the population that is read out, along its spikes in the last run.
    ///
    /// - Returns: `[sample][step][neuron]`.
    package func outputLikelihoods(_ network: Network) -> [Float] {
        let output = populations[outputIndex]
        let (raster, rowCount) = (output.raster, output.raster.rowCount)
        let shares = shares(outputIndex, network)
        let tileCount = network.populations[outputIndex].tileCount
        var likelihoods = AlignedBuffer<Float>(repeating: 0, count: tileCount * rowCount * tileWidth)
        let target = SharedPointer(likelihoods.mutableBase())
        let currents = SharedConstantPointer(output.currents.base)
        let spikes = SharedConstantPointer(raster.words.base)
        let (kernel, tileSize, channelCount) = (output.kernel, output.tileSize, output.channelCount)
        withExtendedLifetime((self, likelihoods, output)) {
            parallelism.forEach(shares.count) { share, thread in
                let (tile, samples) = shares[share]
                kernel.findLikelihoods(
                    PopulationKernel.Share(
                        tile: tile, thread: thread,
                        neuronCount: min(raster.neuronCount - tile * tileWidth, tileWidth),
                        rowCount: rowCount, samples: samples),
                    currents: currents.base + tile * tileSize, spikes: spikes.base + tile * channelCount,
                    wordsPerRow: raster.wordsPerRow, likelihoods: target.base + tile * rowCount * tileWidth)
            }
        }
        return (0..<rowCount).flatMap { row in
            (0..<raster.neuronCount).map { neuron in
                likelihoods[(neuron / tileWidth * rowCount + row) * tileWidth + neuron % tileWidth]
            }
        }
    }
}
