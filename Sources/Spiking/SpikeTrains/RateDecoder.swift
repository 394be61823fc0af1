import Compute

/// Reads classes from the spike rates of output neurons, K neurons a class (population decoding).
///
/// Output neuron n belongs to class ⌊n / K⌋: neurons `c·K ..< (c + 1)·K` vote for class c. The score of
/// a class is the rate of its neurons, spikes / (K·T), a multiple of 1/(K·T) from 0 to 1. With few steps
/// and K = 1 there are few different rates, and classes tie often: ties are broken at random, never by
/// the order of the classes, which would favour the first ones. Of neurons with several channels, the spikes of all
/// channels vote, and rates are spikes / (K·T·channels).
public struct RateDecoder: Sendable, Hashable {
    public let classCount: Int
    /// Output neurons a class, K.
    public let neuronsPerClass: Int

    /// - Parameters:
    ///   - classCount: classes to choose from, at least 1.
    ///   - neuronsPerClass: output neurons a class, K, at least 1.
    /// - Throws: ``SpikeTrainError/classes(_:neuronsPerClass:)``.
    public init(classCount: Int, neuronsPerClass: Int = 1) throws(SpikeTrainError) {
        guard classCount >= 1, neuronsPerClass >= 1,
            !classCount.multipliedReportingOverflow(by: neuronsPerClass).overflow
        else {
            throw .classes(classCount, neuronsPerClass: neuronsPerClass)
        }
        self.classCount = classCount
        self.neuronsPerClass = neuronsPerClass
    }

    /// Output neurons in all: classes × K.
    public var neuronCount: Int { classCount * neuronsPerClass }

    /// Spikes of each class over all steps.
    ///
    /// - Parameter raster: spikes of the output neurons, ``neuronCount`` of them.
    /// - Returns: shape `[sample][class]`, each 0…K·T·channels.
    /// - Throws: ``SpikeTrainError/neuronCount(found:expected:)``.
    /// - Complexity: O(rows × ⌈neurons/64⌉ + samples × classes × ⌈K/64⌉ × log T).
    public func spikeCounts(_ raster: SpikeRaster) throws(SpikeTrainError) -> [Int] {
        guard raster.neuronCount == neuronCount else {
            throw .neuronCount(found: [raster.neuronCount], expected: [neuronCount])
        }
        return counts(raster)
    }

    /// ``spikeCounts(_:)`` of a raster that is known to be of the decoder's neurons.
    package func counts(_ raster: SpikeRaster) -> [Int] {
        let masks = classMasks(channelCount: raster.channelCount)
        let (stepCount, width) = (raster.stepCount, raster.wordsPerRow)
        var counts = [Int](repeating: 0, count: raster.sampleCount * classCount)
        // Bit i of the 64 neurons' counts over the steps: few masks have then to be laid over many words.
        var digits = InlineArray<64, UInt64>(repeating: 0)
        let digitCount = Int.bitWidth - stepCount.leadingZeroBitCount
        raster.words.withUnsafeBufferPointer { words in
            for column in 0..<raster.sampleCount * width {
                let (sample, word) = column.quotientAndRemainder(dividingBy: width)
                for digit in 0..<digitCount { digits[digit] = 0 }
                for step in 0..<stepCount {
                    var (carry, digit) = (words[(sample * stepCount + step) * width + word], 0)
                    while carry != 0 {
                        (digits[digit], carry) = (digits[digit] ^ carry, digits[digit] & carry)
                        digit += 1
                    }
                }
                for mask in masks where mask.word == word {
                    var count = 0
                    for digit in 0..<digitCount {
                        count += (digits[digit] & mask.bits).nonzeroBitCount << digit
                    }
                    counts[sample * classCount + mask.label] += count
                }
            }
        }
        return counts
    }

    /// Rates of the classes, spikes / (K·T).
    ///
    /// - Returns: shape `[sample][class]`, each 0…1; all 0 for a raster without steps.
    /// - Throws: ``SpikeTrainError/neuronCount(found:expected:)``.
    public func rates(_ raster: SpikeRaster) throws(SpikeTrainError) -> [Float] {
        rates(
            spikeCounts: try spikeCounts(raster), stepCount: raster.stepCount,
            channelCount: raster.channelCount)
    }

    /// The same from ``spikeCounts(_:)``, for callers that need more than one reading of them.
    package func rates(spikeCounts: [Int], stepCount: Int, channelCount: Int = 1) -> [Float] {
        let scale = 1 / Float(max(1, neuronsPerClass * stepCount * channelCount))
        return spikeCounts.map { Float($0) * scale }
    }

    /// The class with the most spikes for each sample; among equals, one chosen at random with equal chances.
    ///
    /// - Parameters:
    ///   - raster: spikes of the output neurons.
    ///   - sampleIndices: position of each sample in its data set, the address of its random number.
    ///   - random: purpose `RandomPurpose/tie`; its `epoch` is the epoch, or the repetition of an evaluation.
    /// - Returns: one class for each sample.
    /// - Throws: ``SpikeTrainError`` where raster, positions or random numbers are not those that belong here.
    public func predictions(
        _ raster: SpikeRaster, sampleIndices: [Int], random: RandomStream
    ) throws(SpikeTrainError) -> [Int] {
        guard sampleIndices.count == raster.sampleCount else {
            throw .sampleCount(found: sampleIndices.count, expected: raster.sampleCount)
        }
        guard random.purpose == .tie else {
            throw .purpose(found: "\(random.purpose)", expected: "\(RandomPurpose.tie)")
        }
        return predictions(spikeCounts: try spikeCounts(raster), sampleIndices: sampleIndices, random: random)
    }

    /// The same from ``spikeCounts(_:)``, for callers that need more than one reading of them.
    package func predictions(
        spikeCounts: [Int], sampleIndices: [Int], random: RandomStream
    ) -> [Int] {
        precondition(random.purpose == .tie, "ties have random numbers of their own")
        precondition(spikeCounts.count == sampleIndices.count * classCount)
        return sampleIndices.enumerated().map { sample, index in
            let scores = spikeCounts[sample * classCount..<(sample + 1) * classCount]
            var (highest, winner, winnerCount) = (-1, 0, 0)
            for (label, score) in scores.enumerated() {
                if score > highest { (highest, winner, winnerCount) = (score, label, 0) }
                if score == highest { winnerCount += 1 }
            }
            guard winnerCount > 1 else { return winner }
            // ⌊word·n / 2³²⌋: the chances of the n candidates differ by less than 2⁻³².
            let word = UInt64(random.words(sample: index)[0])
            var place = Int((word * UInt64(winnerCount)) >> 32)
            for label in winner..<classCount where scores[scores.startIndex + label] == highest {
                if place == 0 { return label }
                place -= 1
            }
            preconditionFailure("the place is one of the winners'")
        }
    }

    /// The neurons of one class that lie in one word of a row.
    private struct ClassMask {
        var label: Int
        var word: Int
        var bits: UInt64
    }

    private func classMasks(channelCount: Int) -> [ClassMask] {
        (0..<classCount).flatMap { label in
            let neurons = label * neuronsPerClass..<(label + 1) * neuronsPerClass
            return (neurons.lowerBound / 64...(neurons.upperBound - 1) / 64).flatMap { tile in
                let bits = neurons.clamped(to: tile * 64..<(tile + 1) * 64)
                    .reduce(UInt64(0)) { $0 | 1 << UInt64($1 % 64) }
                return (0..<channelCount).map {
                    ClassMask(label: label, word: tile * channelCount + $0, bits: bits)
                }
            }
        }
    }
}
