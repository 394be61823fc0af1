/// The geometry of a convolution: neuron (y, x, f) of a plane of `outputHeight` × `outputWidth` sees the square of inputs from
/// (y · stride − padding, x · stride − padding) on. Neurons of both planes are numbered (y · width + x) · features + feature, weights
/// ((row of the kernel · kernelSize + column) · inputFeatures + input feature) · features + feature.
public struct ConvolutionShape: Sendable, Hashable {
    public var height: Int
    public var width: Int
    public var inputFeatures: Int
    public var kernelSize: Int
    public var stride: Int
    public var padding: Int
    public var features: Int
    public var outputHeight: Int
    public var outputWidth: Int

    public init(
        height: Int, width: Int, inputFeatures: Int, kernelSize: Int, stride: Int, padding: Int,
        features: Int,
        outputHeight: Int, outputWidth: Int
    ) {
        self.height = height
        self.width = width
        self.inputFeatures = inputFeatures
        self.kernelSize = kernelSize
        self.stride = stride
        self.padding = padding
        self.features = features
        self.outputHeight = outputHeight
        self.outputWidth = outputWidth
    }

    /// Whether the neurons of a place are whole groups of sixteen in their tile: then currents and gradients are summed place by
    /// place, in registers.
    public var hasWholeGroups: Bool { features % 16 == 0 }
}
