import Compute
import SpikeTrains

/// Reads a class from the spikes of output neurons.
public protocol SpikeDecoder: Sendable {
    var classCount: Int { get }
    /// Output neurons that are read.
    var neuronCount: Int { get }

    /// One class a sample.
    ///
    /// - Parameters:
    ///   - sampleIndices: numbers of the samples, the address of the random numbers that break ties.
    ///   - random: purpose `tie`; its `epoch` is the epoch, or the repetition of an evaluation.
    func predictions(_ raster: SpikeRaster, sampleIndices: [Int], random: RandomStream)
        throws(SpikeTrainError)
        -> [Int]
}

extension RateDecoder: SpikeDecoder {}
