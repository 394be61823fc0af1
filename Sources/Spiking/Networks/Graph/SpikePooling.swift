import Compute
import Neurons

/// Max pooling of spikes: the synapses of a projection see the pooled plane, where a feature spikes at a place if any neuron of
/// that feature spiked in the place's window, the OR of the window's spikes. Each channel is pooled by itself.
///
/// Windows are squares that lie side by side; rows and columns that fill none are left out, as deep-learning libraries
/// do. Neurons of both planes are numbered (y · width + x) · features + feature.
///
/// On the way back, the OR of spikes s_j is differentiated in its multilinear extension 1 − Π_j (1 − s_j) along the spikes that were
/// recorded: ∂/∂s_i = Π_{j ≠ i} (1 − s_j). That is 1 for every neuron of a silent window, 1 for the only one that spiked, and 0 where two
/// or more did. The extension is the probability of a pooled spike where the window's neurons spike independently with probabilities
/// s_j, and in the mean over their spikes the product is that probability's derivative.
public struct SpikePooling: Sendable, Hashable {
    /// Plane before the pooling.
    public let height: Int
    public let width: Int
    /// Neurons at each place, before and after.
    public let features: Int
    /// Side of a window, and distance from one to the next.
    public let size: Int

    public init(height: Int, width: Int, features: Int = 1, size: Int) {
        self.height = height
        self.width = width
        self.features = features
        self.size = size
    }

    /// Height and width of the pooled plane; 0 where a number is out of range.
    public var outputHeight: Int { sizeProblem == nil ? height / size : 0 }
    public var outputWidth: Int { sizeProblem == nil ? width / size : 0 }

    /// Neurons of the pooled plane.
    public var outputCount: Int { outputHeight * outputWidth * features }

    /// Of a pooling without a problem.
    var plane: PooledPlane { PooledPlane(height: height, width: width, features: features, size: size) }

    /// A number that is out of range; nil if none is.
    private var sizeProblem: String? {
        let numbers = [("height", height), ("width", width), ("features", features), ("size", size)]
        for (name, number) in numbers where !(1...Population.largestCount).contains(number) {
            return "found \(name) \(number) of the pooling, expected 1 to \(Population.largestCount)"
        }
        guard size <= min(height, width) else {
            return "found pooling of \(size) × \(size) over a plane of \(height) × \(width), "
                + "expected a window that fits; make it smaller"
        }
        return nil
    }

    /// What is wrong with it after a population of this size; nil if it fits.
    func problem(sourceCount: Int) -> String? {
        if let sizeProblem { return sizeProblem }
        // At most 65,536 each.
        let before = height * width * features
        guard before == sourceCount else {
            return "found \(height) × \(width) × \(features) = \(before) neurons before the pooling, "
                + "expected the population's \(sourceCount)"
        }
        return nil
    }
}

extension SpikePooling: CustomStringConvertible {
    public var description: String { "\(size) × \(size) pooling" }
}

extension SpikePooling: Codable {
    private enum CodingKeys: CodingKey { case height, width, features, size }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            height: try container.decode(Int.self, forKey: .height),
            width: try container.decode(Int.self, forKey: .width),
            features: try container.decodeIfPresent(Int.self, forKey: .features) ?? 1,
            size: try container.decode(Int.self, forKey: .size))
    }
}
