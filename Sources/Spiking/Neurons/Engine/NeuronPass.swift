import Compute

/// Which neurons, samples and steps one call of an engine is about, and where their rows lie.
///
/// Row r of a quantity of the neurons is 64 elements at `64 r`, row r of the spikes `wordsPerRow` words; views begin at the
/// first sample's first step of the window.
public struct NeuronWindow: Sendable {
    /// Number of the tile in its population.
    public var tile: Int
    /// Neurons of the tile that exist, 1 ... 64.
    public var neuronCount: Int
    public var sampleCount: Int
    /// Rows from one sample to the next.
    public var rowStride: Int
    /// Steps of the window.
    public var stepCount: Int
    /// Number of the first of them in the sample; not 0 only where the memory is carried.
    public var firstStep: Int
    /// Elements from one current, or channel, to the next.
    public var channelStride: Int

    /// The row of a step of a sample.
    public func row(sample: Int, step: Int) -> Int { sample * rowStride + step }

    /// Where sixteen neurons of a row begin in currents, firing and errors, which have the same strides.
    public func element(sample: Int, step: Int, channel: Int = 0, lanes first: Int) -> Int {
        channel * channelStride + row(sample: sample, step: step) * tileWidth + first
    }

    /// The first lanes of the registers that hold the tile's neurons.
    public var groups: StrideTo<Int> { stride(from: 0, to: neuronCount, by: 16) }

    /// 1 for each of sixteen neurons that exists, 0 for lanes past the last.
    public func presence(lanes first: Int) -> SIMD16<Float> {
        SIMD16(laneBits: neuronCount - first >= 16 ? 0xFFFF : UInt64(1) << UInt64(neuronCount - first) - 1)
    }

    /// Rows from the first to the last.
    var rowCount: Int { sampleCount == 0 ? 0 : (sampleCount - 1) * rowStride + stepCount }
}

/// All steps of a window, forward.
public struct NeuronStepPass: Sendable {
    public var window: NeuronWindow
    public var compiled: BufferView<Float>
    /// z, `[current][row][64]`.
    public var currents: BufferView<Float>
    /// Written: word c of a row holds channel c of the tile, bit n its neuron n.
    public var spikes: MutableBufferView<UInt64>
    public var wordsPerRow: Int
    /// Written where it is wanted: p(s_t = 1 | own spikes before), `[channel][row][64]`; of neurons without chance 0 or 1.
    public var firing: MutableBufferView<Float>?
    /// Written where it is wanted: Σ u and Σ u² over the tile's neurons and channels, each over 16 lanes, `[row][2][16]`, with
    /// u as the sparsity regulariser (3) has it.
    public var activitySums: MutableBufferView<Float>?
    /// Numbers of the samples in the random streams.
    public var samples: BufferView<UInt32>
    public var random: RandomStream
    /// Memory before the first step and after the last, ``EngineSize/memory`` elements a sample; nil for that of fresh neurons,
    /// and where nobody goes on. May be the same.
    public var memoryBefore: BufferView<Float>?
    public var memoryAfter: MutableBufferView<Float>?
    public var scratch: MutableBufferView<Float>
    public var randomWords: MutableBufferView<UInt32>
}

/// All steps of a window, backwards.
public struct NeuronAdjointPass: Sendable {
    public var window: NeuronWindow
    public var compiled: BufferView<Float>
    public var currents: BufferView<Float>
    public var spikes: BufferView<UInt64>
    public var wordsPerRow: Int
    /// On entry ∂L/∂s, `[channel][row][64]`; on return ∂L/∂z, `[current][row][64]`.
    public var errors: MutableBufferView<Float>
    /// Factors (A, B) of the regulariser in ∂R/∂u = A − B u, `[row][2]`.
    public var regulariser: BufferView<Float>?
    /// What ∂s/∂p is taken to be, of neurons that draw their spikes.
    public var surrogate: SurrogateKind
    /// Whether the error of a spike is also to have what later losses get from the memory that the spike makes, in place of the one that
    /// the other spike would make: first order in what carries the memory, a density matrix or probabilities.
    public var creditsOwnSpikes = false
    /// ∂L/∂(compiled); added to.
    public var compiledGradient: MutableBufferView<Float>
    public var memoryBefore: BufferView<Float>?
    /// On entry ∂L/∂(memory after the last step), on return that before the first; nil where the window stands alone.
    public var memoryErrors: MutableBufferView<Float>?
    public var scratch: MutableBufferView<Float>
}

/// The probability of given spikes along their own history, for all steps of a window.
public struct NeuronLikelihoodPass: Sendable {
    public var window: NeuronWindow
    public var compiled: BufferView<Float>
    public var currents: BufferView<Float>
    public var spikes: BufferView<UInt64>
    public var wordsPerRow: Int
    /// Written: p(s_t | s^{t−1}), `[row][64]`.
    public var likelihoods: MutableBufferView<Float>
    public var memoryBefore: BufferView<Float>?
    public var memoryAfter: MutableBufferView<Float>?
    public var scratch: MutableBufferView<Float>
}

// Spikes of sixteen neurons as numbers, 0 or 1.

extension NeuronStepPass {
    /// Writes the spikes of sixteen neurons, those of a row from the first group on.
    public func setSpikes(
        _ spikes: SIMD16<Float>, sample: Int, step: Int, channel: Int = 0, lanes first: Int
    ) {
        let word = window.row(sample: sample, step: step) * wordsPerRow + channel
        let before = first == 0 ? 0 : self.spikes[word]
        let present = (spikes * window.presence(lanes: first)).laneBits
        self.spikes[word] = before | present << UInt64(first)
    }

    /// Adds the activities u of sixteen neurons and their squares to ``activitySums``, if it is wanted; those of a row from the first
    /// channel and group on.
    public func addActivity(
        _ activity: SIMD16<Float>, sample: Int, step: Int, channel: Int = 0, lanes first: Int
    ) {
        guard let sums = activitySums else { return }
        let present = activity * window.presence(lanes: first)
        let place = 32 * window.row(sample: sample, step: step)
        let isFirst = first == 0 && channel == 0
        sums[lanes: place] = present + (isFirst ? SIMD16() : sums[lanes: place])
        sums[lanes: place + 16] = present * present + (isFirst ? SIMD16() : sums[lanes: place + 16])
    }
}

extension NeuronAdjointPass {
    /// The recorded spikes of sixteen neurons.
    public func spikes(sample: Int, step: Int, channel: Int = 0, lanes first: Int) -> SIMD16<Float> {
        let word = window.row(sample: sample, step: step) * wordsPerRow + channel
        return SIMD16(laneBits: spikes[word] >> UInt64(first))
    }

    /// ∂R/∂u = A − B u of sixteen neurons, 0 without regulariser and in lanes past the last neuron.
    public func price(of activity: SIMD16<Float>, sample: Int, step: Int, lanes first: Int) -> SIMD16<Float> {
        guard let regulariser else { return SIMD16() }
        let place = 2 * window.row(sample: sample, step: step)
        return (regulariser[place] - regulariser[place + 1] * activity) * window.presence(lanes: first)
    }
}

extension SIMD16<Float> {
    /// Bit n in lane n, as 0 or 1.
    @inline(__always) init(laneBits bits: UInt64) {
        let lanes = SIMD16<UInt32>(
            1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
        let hits = SIMD16<UInt32>(repeating: UInt32(truncatingIfNeeded: bits)) & lanes
        self = SIMD16(repeating: 0).replacing(with: 1, where: hits .== lanes)
    }

    /// Bit n where lane n is not 0.
    var laneBits: UInt64 {
        (0..<16).reduce(0) { self[$1] == 0 ? $0 : $0 | 1 << UInt64($1) }
    }
}
