import Compute

/// Time-to-first-spike encoding: each input fires at most once, and the brighter it is, the earlier.
///
/// An input of intensity v = 1…255 fires at step
///
///     t(v) = ⌊(255 − v)·T / 255⌋
///
/// so that 255 fires at step 0, the intensities are shared out evenly over the T steps, and none fires
/// after step T − 1. Intensity 0 never fires. No randomness.
public struct LatencyEncoder: SpikeEncoder, Hashable {
    public init() {}

    /// The step at which an input of this intensity fires; `nil` for intensity 0, and where there are no steps.
    public static func step(forIntensity intensity: UInt8, stepCount: Int) -> Int? {
        guard intensity > 0, stepCount > 0 else { return nil }
        return 255.dividingFullWidth((255 - Int(intensity)).multipliedFullWidth(by: stepCount)).quotient
    }

    /// - Complexity: O(samples × inputs), whatever T is.
    public func encode(
        pixels: [UInt8], inputCount: Int, sampleIndices: [Int], stepCount: Int, random: RandomStream,
        parallelism: Parallelism
    ) throws(SpikeTrainError) -> SpikeRaster {
        var raster = try raster(
            pixelCount: pixels.count, inputCount: inputCount, sampleCount: sampleIndices.count,
            stepCount: stepCount)
        let steps = (0...255).map { Self.step(forIntensity: UInt8($0), stepCount: stepCount) }
        let wordsPerRow = raster.wordsPerRow
        for sample in sampleIndices.indices {
            for input in 0..<inputCount {
                guard let step = steps[Int(pixels[sample * inputCount + input])] else { continue }
                let row = sample * stepCount + step
                raster.words[row * wordsPerRow + input / 64] |= 1 << UInt64(input % 64)
            }
        }
        return raster
    }
}
