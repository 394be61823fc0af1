import Compute

/// A way to turn intensities into spikes.
///
/// An encoder is a value without state: the same arguments give the same raster, whatever was encoded
/// before, on any number of threads and in any division of a data set into batches.
public protocol SpikeEncoder: Sendable {
    /// Encodes a batch of inputs.
    ///
    /// - Parameters:
    ///   - pixels: intensities 0…255, shape `[sampleIndices.count][inputCount]`, sample after sample.
    ///   - inputCount: inputs of a sample; the neurons of the raster.
    ///   - sampleIndices: position of each sample in its data set, the address of its random numbers, so
    ///     that a sample gets the same spikes in whatever batch it comes.
    ///   - stepCount: time steps T.
    ///   - random: the stream of the run and epoch, purpose `RandomPurpose/encoding`; deterministic
    ///     encoders leave it untouched.
    ///   - parallelism: threads that share out the samples; without effect on the result.
    /// - Returns: a raster of shape `[sampleIndices.count][stepCount][inputCount]`.
    /// - Throws: ``SpikeTrainError`` where the sizes do not fit together, in the encoders here.
    func encode(
        pixels: [UInt8], inputCount: Int, sampleIndices: [Int], stepCount: Int, random: RandomStream,
        parallelism: Parallelism
    ) throws -> SpikeRaster
}

extension SpikeEncoder {
    /// A silent raster for a batch, if its sizes fit together.
    func raster(
        pixelCount: Int, inputCount: Int, sampleCount: Int, stepCount: Int
    ) throws(SpikeTrainError) -> SpikeRaster {
        let (expected, isBeyond) = sampleCount.multipliedReportingOverflow(by: inputCount)
        guard inputCount >= 0, !isBeyond, pixelCount == expected else {
            throw .pixelCount(found: pixelCount, samples: sampleCount, inputs: inputCount)
        }
        return try SpikeRaster(samples: sampleCount, steps: stepCount, neurons: inputCount)
    }
}
