import Compute
import Glibc

/// The spikes of a population over time, for a batch of samples, one bit each.
///
/// Shape `[sample][step][neuron][channel]`. A row is the spikes of one sample at one step; it starts on a word of
/// its own, and channel `c` of neuron `n` is bit `n % 64` of the row's word `n / 64 · channels + c`. Bits past the
/// last neuron are 0.
public struct SpikeRaster: Sendable, Equatable {
    public let sampleCount: Int
    public let stepCount: Int
    public let neuronCount: Int
    /// Spikes that a neuron gives at each step: its input-output qubits.
    public let channelCount: Int
    /// Words of a row: ⌈neuronCount / 64⌉ · channelCount.
    public let wordsPerRow: Int
    /// `rowCount × wordsPerRow` words, row after row.
    package var words: AlignedBuffer<UInt64>

    /// A silent raster.
    ///
    /// - Throws: ``SpikeTrainError/shape(samples:steps:neurons:channels:)`` for a negative number, no channel, or more
    ///   spikes than the machine's memory holds.
    public init(
        samples: Int, steps: Int, neurons: Int, channels: Int = 1
    ) throws(SpikeTrainError) {
        guard let size = Self.byteCount(samples, steps, neurons, channels), size <= Self.memorySize else {
            throw .shape(samples: samples, steps: steps, neurons: neurons, channels: channels)
        }
        self.init(sampleCount: samples, stepCount: steps, neuronCount: neurons, channelCount: channels)
    }

    /// Bytes of a raster; nil for a shape that none has.
    private static func byteCount(_ samples: Int, _ steps: Int, _ neurons: Int, _ channels: Int) -> Int? {
        guard min(samples, steps, neurons) >= 0, channels >= 1, neurons <= Int.max - 63 else { return nil }
        var size = 8
        for factor in [samples, steps, (neurons + 63) / 64, channels] {
            let (product, overflow) = size.multipliedReportingOverflow(by: factor)
            if overflow { return nil }
            size = product
        }
        return size
    }

    private static let memorySize = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))

    /// A silent raster of a shape that is known to be one.
    package init(sampleCount: Int, stepCount: Int, neuronCount: Int, channelCount: Int = 1) {
        precondition(sampleCount >= 0 && stepCount >= 0 && neuronCount >= 0 && channelCount >= 1)
        self.sampleCount = sampleCount
        self.stepCount = stepCount
        self.neuronCount = neuronCount
        self.channelCount = channelCount
        wordsPerRow = (neuronCount + 63) / 64 * channelCount
        words = AlignedBuffer(repeating: 0, count: sampleCount * stepCount * wordsPerRow)
    }

    /// Whether two rasters are of as many samples, steps, neurons and channels.
    package func hasShape(of other: SpikeRaster) -> Bool {
        (sampleCount, stepCount, neuronCount, channelCount)
            == (other.sampleCount, other.stepCount, other.neuronCount, other.channelCount)
    }

    /// Rows of the raster: one for each sample and step, samples first.
    public var rowCount: Int { sampleCount * stepCount }

    /// Whether a neuron fired, on one of its channels.
    ///
    /// - Throws: ``SpikeTrainError/place(sample:step:neuron:channel:shape:)``.
    public func hasSpike(
        sample: Int, step: Int, neuron: Int, channel: Int = 0
    ) throws(SpikeTrainError) -> Bool {
        try check(sample, step, neuron, channel)
        return self[sample, step, neuron, channel]
    }

    /// Makes a neuron fire on one of its channels, or keeps it from firing.
    ///
    /// - Throws: ``SpikeTrainError/place(sample:step:neuron:channel:shape:)``.
    public mutating func setSpike(
        _ fires: Bool = true, sample: Int, step: Int, neuron: Int, channel: Int = 0
    ) throws(SpikeTrainError) {
        try check(sample, step, neuron, channel)
        self[sample, step, neuron, channel] = fires
    }

    /// The neurons that fired at one step on one channel, in ascending order.
    ///
    /// - Throws: ``SpikeTrainError/place(sample:step:neuron:channel:shape:)``.
    public func neuronsFiring(sample: Int, step: Int, channel: Int = 0) throws(SpikeTrainError) -> [Int] {
        if neuronCount > 0 { try check(sample, step, 0, channel) }
        return activeNeurons(sample: sample, step: step, channel: channel)
    }

    private func check(
        _ sample: Int, _ step: Int, _ neuron: Int, _ channel: Int
    ) throws(SpikeTrainError) {
        guard contains(sample, step, neuron, channel) else {
            throw .place(
                sample: sample, step: step, neuron: neuron, channel: channel,
                shape: [sampleCount, stepCount, neuronCount, channelCount])
        }
    }

    private func contains(_ sample: Int, _ step: Int, _ neuron: Int, _ channel: Int) -> Bool {
        (0..<sampleCount).contains(sample) && (0..<stepCount).contains(step)
            && (0..<neuronCount).contains(neuron) && (0..<channelCount).contains(channel)
    }

    /// Whether a neuron fired, on one of its channels, at a place that is known to be in the raster.
    package subscript(sample: Int, step: Int, neuron: Int, channel: Int = 0) -> Bool {
        get {
            let bit = words[wordIndex(sample, step, neuron, channel)] >> UInt64(neuron % 64)
            return bit & 1 == 1
        }
        set {
            let mask = UInt64(1) << UInt64(neuron % 64)
            let index = wordIndex(sample, step, neuron, channel)
            if newValue { words[index] |= mask } else { words[index] &= ~mask }
        }
    }

    private func wordIndex(_ sample: Int, _ step: Int, _ neuron: Int, _ channel: Int) -> Int {
        precondition(
            contains(sample, step, neuron, channel),
            "no channel \(channel) of neuron \(neuron) at step \(step) of sample \(sample)")
        return (sample * stepCount + step) * wordsPerRow + neuron / 64 * channelCount + channel
    }

    /// ``neuronsFiring(sample:step:channel:)`` at a place that is known to be in the raster.
    package func activeNeurons(sample: Int, step: Int, channel: Int = 0) -> [Int] {
        var active: [Int] = []
        forEachActive(row: sample * stepCount + step, channel: channel) { active.append($0) }
        return active
    }

    /// Calls `body` for every neuron that fired in a row on one channel, in ascending order.
    ///
    /// - Parameter row: `sample × stepCount + step`.
    package func forEachActive(row: Int, channel: Int = 0, _ body: (Int) -> Void) {
        let first = row * wordsPerRow
        for tile in 0..<wordsPerRow / channelCount {
            var bits = words[first + tile * channelCount + channel]
            while bits != 0 {
                body(tile * 64 + bits.trailingZeroBitCount)
                bits &= bits - 1
            }
        }
    }

    /// The same spikes on every channel of a raster of several: an image's pixels for neurons of N channels.
    ///
    /// - Throws: ``SpikeTrainError/channelCount(found:)`` where there are several already,
    ///   ``SpikeTrainError/shape(samples:steps:neurons:channels:)`` for too many.
    public func repeatedOnChannels(_ count: Int) throws(SpikeTrainError) -> SpikeRaster {
        guard channelCount == 1 else { throw .channelCount(found: channelCount) }
        _ = try SpikeRaster(samples: sampleCount, steps: stepCount, neurons: neuronCount, channels: count)
        return repeated(channelCount: count)
    }

    /// ``repeatedOnChannels(_:)`` of a raster of one channel.
    package func repeated(channelCount: Int) -> SpikeRaster {
        precondition(self.channelCount == 1, "the spikes of one channel are repeated")
        if channelCount == 1 { return self }
        var raster = SpikeRaster(
            sampleCount: sampleCount, stepCount: stepCount, neuronCount: neuronCount,
            channelCount: channelCount)
        let (target, words) = (raster.words.mutableView(), words.view)
        for index in words.indices {
            for channel in 0..<channelCount { target[index * channelCount + channel] = words[index] }
        }
        return raster
    }

    /// Every sample `count` times, one after the other.
    package func repeatingSamples(_ count: Int) -> SpikeRaster {
        if count == 1 { return self }
        var raster = SpikeRaster(
            sampleCount: sampleCount * count, stepCount: stepCount, neuronCount: neuronCount,
            channelCount: channelCount)
        let size = stepCount * wordsPerRow
        let (target, words) = (raster.words.mutableView(), words.view)
        for sample in 0..<sampleCount * count {
            target.part(sample, size: size).copy(words.part(sample / count, size: size))
        }
        return raster
    }

    /// Spikes in the whole raster.
    public var spikeCount: Int {
        words.withUnsafeBufferPointer { $0.reduce(0) { $0 + $1.nonzeroBitCount } }
    }
}
