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
        let likelihoods = WorkingBuffer<Float>(count: tileCount * rowCount * tileWidth)
        let spikes = raster.words.view
        parallelism.forEach(shares.count) { share, thread in
            let (tile, samples) = shares[share]
            output.simulator.findLikelihoods(
                PopulationSimulator.Share(
                    tile: tile, thread: thread,
                    neuronCount: min(raster.neuronCount - tile * tileWidth, tileWidth), rowCount: rowCount,
                    samples: samples),
                currents: output.currents.part(tile, size: output.tileSize).view,
                spikes: spikes[(tile * output.channelCount)...], wordsPerRow: raster.wordsPerRow,
                likelihoods: likelihoods.part(tile, size: rowCount * tileWidth))
        }
        let values = likelihoods.view.view
        return (0..<rowCount).flatMap { row in
            (0..<raster.neuronCount).map { neuron in
                values[(neuron / tileWidth * rowCount + row) * tileWidth + neuron % tileWidth]
            }
        }
    }
}
