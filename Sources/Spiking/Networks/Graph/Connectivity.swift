import Neurons

/// Which neurons a projection connects, and which synapses share a weight.
public enum Connectivity: Sendable, Hashable {
    /// Every neuron to every neuron.
    case full
    /// Neuron n to neuron n.
    case oneToOne
    /// Each pair of neurons with this probability, independently; the seed decides which, and nothing else does.
    case random(probability: Double, seed: UInt64)
    /// A convolution over a plane, its weights shared by all places.
    case convolution(Convolution)
    /// The synapses that are listed.
    case explicit([Synapse])

    /// One synapse of an explicit projection.
    public struct Synapse: Sendable, Hashable {
        /// Number of the presynaptic neuron.
        public let source: Int
        /// Number of the postsynaptic neuron.
        public let target: Int
        /// The weight to begin with, on every channel; drawn at random if nil.
        public let weight: Double?

        public init(_ source: Int, _ target: Int, weight: Double? = nil) {
            self.source = source
            self.target = target
            self.weight = weight
        }
    }

    /// A cross-correlation, as deep-learning libraries mean by convolution: neuron (y, x, f) of the postsynaptic plane
    /// sees the square of presynaptic neurons around (y · stride − padding, x · stride − padding). Neurons of both planes
    /// are numbered (y · width + x) · features + feature.
    public struct Convolution: Sendable, Hashable {
        /// Presynaptic plane.
        public let height: Int
        public let width: Int
        /// Presynaptic features: neurons at each place.
        public let inputFeatures: Int
        /// Side of the square kernel.
        public let kernelSize: Int
        public let stride: Int
        /// Silent places around the plane.
        public let padding: Int
        /// Postsynaptic features.
        public let features: Int

        public init(
            height: Int, width: Int, inputFeatures: Int = 1, kernelSize: Int, stride: Int = 1,
            padding: Int = 0,
            features: Int
        ) {
            self.height = height
            self.width = width
            self.inputFeatures = inputFeatures
            self.kernelSize = kernelSize
            self.stride = stride
            self.padding = padding
            self.features = features
        }

        /// Height and width of the postsynaptic plane; 0 where no kernel fits, or a number is out of range.
        public var outputHeight: Int { outputSide(height) }
        public var outputWidth: Int { outputSide(width) }

        private func outputSide(_ side: Int) -> Int {
            guard sizeProblem == nil, side + 2 * padding >= kernelSize else { return 0 }
            return (side + 2 * padding - kernelSize) / stride + 1
        }

        /// Largest side of a kernel.
        static let largestKernel = 1024
    }

    /// What is wrong with it between populations of these sizes; nil if it fits.
    ///
    /// - Parameter isPooled: whether `sourceCount` is of a pooled plane.
    func problem(sourceCount: Int, isPooled: Bool = false, targetCount: Int) -> String? {
        switch self {
        case .full: return nil
        case .oneToOne:
            if sourceCount == targetCount { return nil }
            return "found \(sourceCount) neurons before and \(targetCount) after one-to-one synapses, "
                + "expected as many"
        case .random(let probability, _):
            if probability > 0, probability <= 1 { return nil }
            return "found probability \(probability), expected a number above 0 and at most 1"
        case .convolution(let convolution):
            return convolution.problem(
                sourceCount: sourceCount, isPooled: isPooled, targetCount: targetCount)
        case .explicit(let synapses):
            return Self.problem(synapses, sourceCount: sourceCount, targetCount: targetCount)
        }
    }

    private static func problem(_ synapses: [Synapse], sourceCount: Int, targetCount: Int) -> String? {
        if synapses.isEmpty { return "found no synapses, expected at least one; list them, or remove it" }
        var seen = Set<SIMD2<Int>>()
        for (index, synapse) in synapses.enumerated() {
            let place = "synapse \(index) (\(synapse.source) → \(synapse.target))"
            guard (0..<sourceCount).contains(synapse.source) else {
                return "\(place): found neuron \(synapse.source), expected 0 to \(sourceCount - 1)"
            }
            guard (0..<targetCount).contains(synapse.target) else {
                return "\(place): found neuron \(synapse.target), expected 0 to \(targetCount - 1)"
            }
            if let weight = synapse.weight, !weight.isFinite || abs(weight) > 65536 {
                return "\(place): found weight \(weight), expected a number of at most 65536"
            }
            guard seen.insert(SIMD2(synapse.source, synapse.target)).inserted else {
                return "\(place): is listed twice; list it once"
            }
        }
        return nil
    }
}

extension Connectivity.Convolution {
    /// A number that is out of range; nil if none is.
    fileprivate var sizeProblem: String? {
        let numbers = [
            ("height", height, Population.largestCount), ("width", width, Population.largestCount),
            ("input_features", inputFeatures, Population.largestCount),
            ("kernel", kernelSize, Self.largestKernel), ("stride", stride, Population.largestCount),
            ("features", features, Population.largestCount),
        ]
        for (name, number, largest) in numbers where !(1...largest).contains(number) {
            return "found \(name) \(number), expected 1 to \(largest)"
        }
        guard (0..<kernelSize).contains(padding) else {
            return "found padding \(padding), expected 0 to \(kernelSize - 1), less than the kernel"
        }
        return nil
    }

    fileprivate func problem(sourceCount: Int, isPooled: Bool, targetCount: Int) -> String? {
        if let sizeProblem { return sizeProblem }
        guard min(height, width) + 2 * padding >= kernelSize else {
            return "found a kernel of \(kernelSize) × \(kernelSize) over a plane of \(height) × \(width), "
                + "expected one that fits; add padding or make it smaller"
        }
        let before = height * width * inputFeatures
        guard before == sourceCount else {
            return
                "found \(height) × \(width) × \(inputFeatures) = \(before) neurons before the convolution, "
                + "expected the \(isPooled ? "pooled plane's" : "population's") \(sourceCount)"
        }
        let after = outputHeight * outputWidth * features
        guard after == targetCount else {
            return "found \(targetCount) neurons after the convolution, expected "
                + "\(outputHeight) × \(outputWidth) × \(features) = \(after)"
        }
        return nil
    }
}
