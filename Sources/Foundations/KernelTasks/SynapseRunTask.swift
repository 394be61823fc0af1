/// Neighbouring synapses of one presynaptic neuron: onto `length` neurons of one tile, with as many weights.
public struct SynapseRun: Sendable, Hashable, BitwiseCopyable {
    /// First postsynaptic neuron.
    public var target: UInt32
    /// First weight.
    public var parameter: UInt32
    public var length: UInt32

    public init(target: UInt32, parameter: UInt32, length: UInt32) {
        self.target = target
        self.parameter = parameter
        self.length = length
    }
}

/// Some rows of a projection that is kept as runs of synapses: currents, their gradients or errors of spikes.
public struct SynapseRunTask {
    /// `[inputCount + 1]`: where each input's runs begin.
    public var starts: UnsafePointer<UInt32>
    public var runs: UnsafePointer<SynapseRun>
    public var inputCount: Int
    public var neuronCount: Int
    /// Of which the synapses are; nil where they are of no convolution.
    public var convolution: ConvolutionShape?
    /// Spikes of the inputs, row after row; not read by the propagation of errors.
    public var spikes: UnsafePointer<UInt64>
    public var wordsPerRow: Int
    public var rowCount: Int
    /// Currents or their errors, `[tile][row][64]`, first row to do.
    public var postsynaptic: UnsafeMutablePointer<Float>
    /// Errors of the inputs' spikes, likewise.
    public var presynaptic: UnsafeMutablePointer<Float>?
    /// Distances between tiles, and between two rows to do, in elements.
    public var postsynapticTileStride: Int
    public var presynapticTileStride: Int
    public var rowStride: Int
    /// Not read where gradients are added.
    public var weights: UnsafePointer<Float>?
    /// ∂L/∂w, where gradients are added.
    public var gradient: UnsafeMutablePointer<Float>?
    /// Working memory, sixteen numbers a neuron and 32 for each word of a row. Propagation always has it, gradients of convolutions
    /// with whole groups too; otherwise currents and gradients where runs are short, and to find the neurons of one is dearer than
    /// to copy a row.
    public var scratch: UnsafeMutablePointer<Float>?

    public init(
        starts: UnsafePointer<UInt32>, runs: UnsafePointer<SynapseRun>, inputCount: Int, neuronCount: Int,
        convolution: ConvolutionShape? = nil,
        spikes: UnsafePointer<UInt64>, wordsPerRow: Int, rowCount: Int,
        postsynaptic: UnsafeMutablePointer<Float>, presynaptic: UnsafeMutablePointer<Float>? = nil,
        postsynapticTileStride: Int, presynapticTileStride: Int = 0, rowStride: Int = tileWidth,
        weights: UnsafePointer<Float>? = nil, gradient: UnsafeMutablePointer<Float>? = nil,
        scratch: UnsafeMutablePointer<Float>? = nil
    ) {
        self.starts = starts
        self.runs = runs
        self.inputCount = inputCount
        self.neuronCount = neuronCount
        self.convolution = convolution
        self.spikes = spikes
        self.wordsPerRow = wordsPerRow
        self.rowCount = rowCount
        self.postsynaptic = postsynaptic
        self.presynaptic = presynaptic
        self.postsynapticTileStride = postsynapticTileStride
        self.presynapticTileStride = presynapticTileStride
        self.rowStride = rowStride
        self.weights = weights
        self.gradient = gradient
        self.scratch = scratch
    }
}
