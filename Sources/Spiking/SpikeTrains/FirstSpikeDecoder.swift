import Compute

/// Reads classes from the first spikes of output neurons, K neurons a class: the class whose neurons fire earliest in the mean wins.
///
/// Output neuron n belongs to class ⌊n / K⌋. A neuron that is silent counts as one that fires after the last step; of neurons with several
/// channels the first spike of any counts. Ties are broken at random, as ``RateDecoder`` does.
public struct FirstSpikeDecoder: Sendable, Hashable {
    private let rates: RateDecoder
    public var classCount: Int { rates.classCount }
    /// Output neurons a class, K.
    public var neuronsPerClass: Int { rates.neuronsPerClass }
    /// Output neurons in all: classes × K.
    public var neuronCount: Int { rates.neuronCount }

    /// - Throws: ``SpikeTrainError/classes(_:neuronsPerClass:)``.
    public init(classCount: Int, neuronsPerClass: Int = 1) throws(SpikeTrainError) {
        rates = try RateDecoder(classCount: classCount, neuronsPerClass: neuronsPerClass)
    }

    /// The class with the earliest first spikes for each sample; among equals, one chosen at random with equal chances.
    ///
    /// - Parameters:
    ///   - raster: spikes of the output neurons.
    ///   - sampleIndices: position of each sample in its data set, the address of its random number.
    ///   - random: purpose `RandomPurpose/tie`.
    /// - Returns: one class for each sample.
    /// - Throws: ``SpikeTrainError/neuronCount(found:expected:)``.
    public func predictions(
        _ raster: SpikeRaster, sampleIndices: [Int], random: RandomStream
    ) throws(SpikeTrainError) -> [Int] {
        guard raster.neuronCount == neuronCount else {
            throw .neuronCount(found: [raster.neuronCount], expected: [neuronCount])
        }
        return predictions(times: times(raster), sampleIndices: sampleIndices, random: random)
    }

    /// The steps of the first spikes, summed over the neurons of each class: `[sample][class]`, each 0…K·T.
    package func times(_ raster: SpikeRaster) -> [Int] {
        var times = [Int](repeating: 0, count: raster.sampleCount * classCount)
        for sample in 0..<raster.sampleCount {
            for neuron in 0..<neuronCount {
                times[sample * classCount + neuron / neuronsPerClass] +=
                    steps(raster, sample: sample, neuron: neuron).first ?? raster.stepCount
            }
        }
        return times
    }

    /// The steps at which a neuron fires.
    package func steps(_ raster: SpikeRaster, sample: Int, neuron: Int) -> [Int] {
        let (word, bit) = neuron.quotientAndRemainder(dividingBy: 64)
        return (0..<raster.stepCount).filter { step in
            let row = (sample * raster.stepCount + step) * raster.wordsPerRow + word * raster.channelCount
            return (row..<row + raster.channelCount).contains { raster.words[$0] >> UInt64(bit) & 1 == 1 }
        }
    }

    /// The same from ``times(_:)``, for callers that need more than one reading of them.
    package func predictions(times: [Int], sampleIndices: [Int], random: RandomStream) -> [Int] {
        // The largest of the negative times, ties and all.
        let latest = times.max() ?? 0
        return rates.predictions(
            spikeCounts: times.map { latest - $0 }, sampleIndices: sampleIndices, random: random)
    }
}
