import Compute

/// The spikes of a population over time, for a batch of samples, one bit each.
///
/// Shape `[sample][step][neuron]`. A row is the spikes of one sample at one step; it starts on a word of
/// its own, and neuron `n` is bit `n % 64` of the row's word `n / 64`. Bits past the last neuron are 0.
public struct SpikeRaster: Sendable, Equatable {
    public let sampleCount: Int
    public let stepCount: Int
    public let neuronCount: Int
    /// Words of a row: ⌈neuronCount / 64⌉.
    public let wordsPerRow: Int
    /// `rowCount × wordsPerRow` words, row after row.
    package var words: AlignedBuffer<UInt64>

    /// A silent raster.
    public init(sampleCount: Int, stepCount: Int, neuronCount: Int) {
        precondition(sampleCount >= 0 && stepCount >= 0 && neuronCount >= 0)
        self.sampleCount = sampleCount
        self.stepCount = stepCount
        self.neuronCount = neuronCount
        wordsPerRow = (neuronCount + 63) / 64
        words = AlignedBuffer(repeating: 0, count: sampleCount * stepCount * wordsPerRow)
    }

    /// Rows of the raster: one for each sample and step, samples first.
    public var rowCount: Int { sampleCount * stepCount }

    /// Whether a neuron fired.
    public subscript(sample: Int, step: Int, neuron: Int) -> Bool {
        get {
            let bit = words[wordIndex(sample, step, neuron)] >> UInt64(neuron % 64)
            return bit & 1 == 1
        }
        set {
            let mask = UInt64(1) << UInt64(neuron % 64)
            let index = wordIndex(sample, step, neuron)
            if newValue { words[index] |= mask } else { words[index] &= ~mask }
        }
    }

    private func wordIndex(_ sample: Int, _ step: Int, _ neuron: Int) -> Int {
        precondition(
            (0..<sampleCount).contains(sample) && (0..<stepCount).contains(step)
                && (0..<neuronCount).contains(neuron),
            "no neuron \(neuron) at step \(step) of sample \(sample)")
        return (sample * stepCount + step) * wordsPerRow + neuron / 64
    }

    /// The neurons that fired in one row, in ascending order.
    public func activeNeurons(sample: Int, step: Int) -> [Int] {
        let row = (sample * stepCount + step) * wordsPerRow
        var active: [Int] = []
        for word in 0..<wordsPerRow {
            var bits = words[row + word]
            while bits != 0 {
                active.append(word * 64 + bits.trailingZeroBitCount)
                bits &= bits - 1
            }
        }
        return active
    }

    /// Spikes in the whole raster.
    public var spikeCount: Int {
        words.withUnsafeBufferPointer { $0.reduce(0) { $0 + $1.nonzeroBitCount } }
    }
}
