import Compute
import Neurons
import SpikeTrains

/// The way back through the pooling of a projection: errors of the pooled plane, and of the neurons that it was pooled from.
extension NetworkSimulator {
    /// Where the errors along a projection are added up: in its source, or in the plane that this is pooled to.
    func arrivingErrors(_ index: Int, _ source: PopulationMemory) -> SpikeErrorPlanes {
        guard projections[index].pooling != nil else { return source.spikeErrors }
        return SpikeErrorPlanes(
            buffer: projections[index].pooledErrors, planeSize: source.planeSize,
            tileSize: projections[index].sourceChannelCount * source.planeSize)
    }

    /// Clears the errors of a pooled plane; does nothing without one.
    func clearPooledErrors(_ index: Int) {
        guard let plane = projections[index].pooling?.plane, let node = projections[index].source else {
            return
        }
        let size = projections[index].sourceChannelCount * populations[node].planeSize
        projections[index].pooledErrors.resize(to: plane.pooledTileCount * size)
        projections[index].pooledErrors.view.fill(with: 0)
    }

    /// Takes the errors of a pooled plane back to the neurons that it was pooled from; does nothing without one.
    func unpoolErrors(ofSteps steps: Range<Int>, _ index: Int, overwrites: Bool) {
        guard let plane = projections[index].pooling?.plane, let node = projections[index].source else {
            return
        }
        let (source, channels) = (populations[node], projections[index].sourceChannelCount)
        let pooled = arrivingErrors(index, source)
        let (raster, words) = (source.raster, source.raster.words.view)
        let size = plane.scratchSize
        scratch.reserve(parallelism.threadCount * size)
        let (scratch, stepCount, kernels) = (scratch, stepCount, kernels)
        RunPass.forEachShare(ofSamples: raster.sampleCount, parallelism) { samples, thread in
            for sample in samples {
                let row = sample * stepCount + steps.lowerBound
                for channel in 0..<channels {
                    let place = channel * source.planeSize + row * tileWidth
                    kernels.unpoolErrors(
                        UnpoolingTask(
                            plane: plane, rowCount: steps.count,
                            spikes: words[(row * raster.wordsPerRow + channel)...].pointer,
                            wordStride: raster.channelCount, wordsPerRow: raster.wordsPerRow,
                            pooledErrors: pooled.buffer.view[place...].pointer,
                            pooledTileStride: pooled.tileSize,
                            errors: source.errors.view[place...].pointer, tileStride: source.tileSize,
                            overwrites: overwrites,
                            scratch: scratch.part(thread, size: size).pointer))
                }
            }
        }
    }
}

/// ∂L/∂s of a population or of a pooled plane, `[tile][channel][row][64]`.
struct SpikeErrorPlanes: Sendable {
    let buffer: WorkingBuffer<Float>
    /// Elements of one channel of a tile.
    let planeSize: Int
    /// Elements of a tile.
    let tileSize: Int
}

extension PopulationMemory {
    var spikeErrors: SpikeErrorPlanes {
        SpikeErrorPlanes(buffer: errors, planeSize: planeSize, tileSize: tileSize)
    }
}
