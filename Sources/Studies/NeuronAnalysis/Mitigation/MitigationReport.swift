import DeviceNoise
import Neurons
import ErrorMitigation
import QuantumCircuits

/// What zero-noise extrapolation makes of a neuron's probabilities.
public struct MitigationReport: Sendable, Encodable {
    /// Where the error bars come from.
    public enum ErrorBars: String, Sendable, Encodable {
        /// The values are exact: how far they are from the fitted curve.
        case residuals
        /// The values are frequencies: their standard deviations, propagated.
        case shots
    }

    /// One number: without noise, and as extrapolated.
    public struct Quantity: Sendable, Encodable {
        /// What the neuron does without noise, which a device would not tell.
        public let ideal: Double
        public let result: ExtrapolationFile.CaseResult

        private enum CodingKeys: String, CodingKey { case ideal }

        /// The fields of the extrapolation, and `ideal` beside them.
        public func encode(to encoder: any Encoder) throws {
            try result.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(ideal, forKey: .ideal)
        }
    }

    public let circuit: String
    public let folding: UnitaryFolding
    /// The scale factors asked for.
    public let scaleFactors: [Double]
    /// Those that the folded circuits reach, over which the values are extrapolated; see
    /// `UnitaryFolding.factor(of:from:)`.
    public let reachedScaleFactors: [Double]
    /// Gates of the folded circuit at each scale factor.
    public let gateCounts: [Int]
    public let errorBars: ErrorBars
    /// p(s_t^n = 1 | s^{t−1}), `[step][channel]`.
    public let firing: [[Quantity]]
    /// Nil where a probability estimated is not positive.
    public let logLikelihood: Quantity?

    enum CodingKeys: String, CodingKey {
        case circuit, folding
        case scaleFactors
        case reachedScaleFactors
        case gateCounts
        case errorBars
        case firing = "firing_probability"
        case logLikelihood
    }
}

extension UnitaryFolding: Encodable {}
