import Learning
import SpikeDatasets

/// A configuration whose network was made so wide that it has as nearly as possible a number of trainable parameters.
public struct ParameterMatch: Sendable {
    /// With the width that was found.
    public let configuration: RunConfiguration
    /// That width, as in `hidden 500,250`.
    public var size: String { configuration.sizeText }
    /// Trainable numbers of the network.
    public let parameterCount: Int
    /// As many were asked for.
    public let target: Int
    /// What is missing to the target (negative) or too much, as a fraction of it.
    public var residual: Double { (Double(parameterCount) - Double(target)) / Double(target) }

    /// Largest ``residual`` that is called a match, either way.
    public static let tolerance = 0.05
}

extension RunConfiguration {
    /// This configuration with the width that brings the network's trainable parameters closest to a number.
    ///
    /// Several hidden layers are scaled by one factor. Of two widths that come equally close, the smaller is taken.
    ///
    /// - Parameter target: at least 1.
    /// - Throws: ``RunError/unmatched(_:)`` for a graph, for a network without hidden layer, and where no width comes within
    ///   ``ParameterMatch/tolerance``; otherwise as ``parameterCount(inputCount:classCount:)``.
    public func matched(to target: Int, inputCount: Int, classCount: Int) throws -> ParameterMatch {
        if let problem = recipe.problem { throw LearningError.recipe(problem) }
        guard graph == nil else {
            throw RunError.unmatched(
                "found a graph, whose populations have sizes of their own; leave --graph out, or the match")
        }
        guard width != nil else {
            throw RunError.unmatched("found no hidden layer that could be widened; give one with --hidden")
        }
        let (width, count) = try closestWidth(in: widths, to: target) {
            try scaled(toWidth: $0).parameterCount(inputCount: inputCount, classCount: classCount)
        }
        let match = ParameterMatch(
            configuration: scaled(toWidth: width), parameterCount: count, target: target)
        guard abs(match.residual) <= ParameterMatch.tolerance else {
            throw RunError.unmatched(
                "found \(target), and the closest network, \(match.size), has \(count) parameters, expected one within "
                    + "\(Int(100 * ParameterMatch.tolerance)) %; give another number, or change what else decides the size"
            )
        }
        return match
    }

    /// The same for the shape of a data set.
    public func matched(to target: Int, for dataset: CatalogEntry) throws -> ParameterMatch {
        try matched(
            to: target, inputCount: dataset.inputShape(input).inputCount, classCount: dataset.classNames.count
        )
    }
}

/// The width whose count is closest to a target, the smaller one of two, and that count.
///
/// - Parameter count: of a width; does not fall where the width grows.
private func closestWidth(
    in range: ClosedRange<Int>, to target: Int, count: (Int) throws -> Int
) rethrows -> (width: Int, count: Int) {
    // The first width that has as many as the target, or the largest of all.
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
        let middle = low + (high - low) / 2
        if try count(middle) >= target { high = middle } else { low = middle + 1 }
    }
    let above = (width: low, count: try count(low))
    guard low > range.lowerBound else { return above }
    let below = (width: low - 1, count: try count(low - 1))
    return abs(below.count - target) <= abs(above.count - target) ? below : above
}
