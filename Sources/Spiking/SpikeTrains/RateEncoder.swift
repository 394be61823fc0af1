import Compute

/// Rate (Bernoulli) encoding: at every step an input fires with probability min(v/255, `ceiling`), where v is its
/// intensity.
///
/// The probability is rounded to a multiple of 2⁻¹⁶ and compared with a 16-bit random number.
public struct RateEncoder: SpikeEncoder, Hashable {
    /// Largest firing probability, 0…1: brighter inputs fire with it.
    public let ceiling: Double

    /// - Parameter ceiling: 1 changes nothing; 0.5 in the `paper` recipe, as in the paper's
    ///   published program.
    /// - Throws: ``SpikeTrainError/ceiling(_:)`` outside 0…1.
    public init(ceiling: Double) throws(SpikeTrainError) {
        guard (0...1).contains(ceiling) else { throw .ceiling(ceiling) }
        self.ceiling = ceiling
    }

    /// Without a ceiling.
    public init() { ceiling = 1 }

    /// With one that was checked.
    package init(checkedCeiling: Double) { ceiling = checkedCeiling }

    /// - Complexity: O(samples × steps × inputs), 128 inputs for each set of sixteen Philox blocks.
    public func encode(
        pixels: [UInt8], inputCount: Int, sampleIndices: [Int], stepCount: Int, random: RandomStream,
        parallelism: Parallelism
    ) throws(SpikeTrainError) -> SpikeRaster {
        var raster = try raster(
            pixelCount: pixels.count, inputCount: inputCount, sampleCount: sampleIndices.count,
            stepCount: stepCount)
        fill(
            &raster, pixels: pixels, sampleIndices: sampleIndices, random: random, parallelism: parallelism)
        return raster
    }

    /// ``encode(pixels:inputCount:sampleIndices:stepCount:random:parallelism:)`` of sizes that are known to fit together.
    package func encodeChecked(
        pixels: [UInt8], inputCount: Int, sampleIndices: [Int], stepCount: Int, random: RandomStream,
        parallelism: Parallelism
    ) -> SpikeRaster {
        precondition(pixels.count == sampleIndices.count * inputCount)
        var raster = SpikeRaster(
            sampleCount: sampleIndices.count, stepCount: stepCount, neuronCount: inputCount)
        fill(
            &raster, pixels: pixels, sampleIndices: sampleIndices, random: random, parallelism: parallelism)
        return raster
    }

    private func fill(
        _ raster: inout SpikeRaster, pixels: [UInt8], sampleIndices: [Int], random: RandomStream,
        parallelism: Parallelism
    ) {
        let (inputCount, stepCount) = (raster.neuronCount, raster.stepCount)
        let table = AlignedBuffer(
            (0...255).map { UInt32((min(Double($0) / 255, ceiling) * 65536).rounded()) })
        let kernels = InstructionSet.current.kernels
        let block = RateEncodingTask.inputBlock
        let padded = (inputCount + block - 1) / block * block
        let wordsPerRow = raster.wordsPerRow
        let bits = raster.words.mutableView()
        let (images, lookup) = (AlignedBuffer(pixels).view, table.view)
        let thresholds = WorkingBuffer<UInt32>(count: padded * parallelism.threadCount)
        parallelism.forEach(sampleIndices.count) { sample, thread in
            let own = thresholds.part(thread, size: padded)
            let image = images[sample * inputCount..<(sample + 1) * inputCount]
            for input in 0..<inputCount { own[input] = lookup[Int(image[input])] }
            kernels.encodeRate(
                RateEncodingTask(
                    thresholds: own.view.pointer, inputCount: padded,
                    bits: bits[(sample * stepCount * wordsPerRow)...].pointer, wordsPerRow: wordsPerRow,
                    stepCount: stepCount, key: random.key,
                    sample: UInt32(truncatingIfNeeded: sampleIndices[sample]), tag: random.tag))
        }
    }
}
