import DeviceNoise
import QuantumCircuits
import Files

/// Measured values to be extrapolated to zero noise, as a file: `{"cases": [{"scale_factors", "values", "standard_errors"}]}`,
/// the last optional.
public struct ExtrapolationFile: Sendable, Decodable {
    public struct Case: Sendable, Decodable {
        public var scaleFactors: [Double]
        public var values: [Double]
        public var standardErrors: [Double]?
    }

    public var cases: [Case]

    /// What is wrong with a file: its path, the field, what was found and expected.
    public struct Problem: DescribedError, Equatable {
        public let path: String
        public let place: String
        public let problem: String
        public var category: ErrorCategory { .badInput }
        public var description: String {
            [path, place, problem].filter { !$0.isEmpty }.joined(separator: ": ")
        }
    }

    /// - Parameter path: `-` for standard input.
    /// - Throws: `FileError`, ``Problem``.
    public static func load(path: String) throws -> ExtrapolationFile {
        let text = try InputFile.read(path, limit: InputFile.textLimit)
        do throws(JSONDocument.Problem) {
            return try JSONDocument.decode(ExtrapolationFile.self, from: text)
        } catch {
            throw Problem(path: path, place: error.place, problem: error.problem)
        }
    }

    /// Extrapolates every case by every model.
    ///
    /// - Parameter path: where the file came from, for messages.
    public func results(
        _ models: [ZeroNoiseExtrapolation.Model], path: String
    ) throws(Problem) -> Results {
        var results: [CaseResult] = []
        for (index, entry) in cases.enumerated() {
            do {
                let extrapolation = try ZeroNoiseExtrapolation(
                    scaleFactors: entry.scaleFactors, values: entry.values,
                    standardErrors: entry.standardErrors)
                results.append(CaseResult(extrapolation, models))
            } catch {
                throw Problem(path: path, place: "cases[\(index)]", problem: error.description)
            }
        }
        return Results(cases: results)
    }

    public struct Results: Sendable, Encodable {
        public let cases: [CaseResult]
    }

    /// One case: the value of each model under the model's name; beside them the points, the value without mitigation, the
    /// standard errors that are known, how much errors of the values grow, and why a model could not be fitted.
    public struct CaseResult: Sendable, Encodable {
        public let extrapolation: ZeroNoiseExtrapolation
        /// All models that were tried, in order.
        public let models: [ZeroNoiseExtrapolation.Model]
        public let estimates: [ZeroNoiseExtrapolation.Estimate]
        public let refusals: [Refusal]

        public struct Refusal: Sendable {
            public let model: ZeroNoiseExtrapolation.Model
            public let reason: ExtrapolationError
        }

        /// Extrapolates by every model; those that cannot be fitted are told why.
        public init(_ extrapolation: ZeroNoiseExtrapolation, _ models: [ZeroNoiseExtrapolation.Model]) {
            var estimates: [ZeroNoiseExtrapolation.Estimate] = []
            var refusals: [Refusal] = []
            for model in models {
                do throws(ExtrapolationError) {
                    estimates.append(try extrapolation.estimate(model))
                } catch {
                    refusals.append(Refusal(model: model, reason: error))
                }
            }
            self.extrapolation = extrapolation
            self.models = models
            self.estimates = estimates
            self.refusals = refusals
        }

        private struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(_ name: String) { stringValue = name }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            var errors: [String: Double] = [:]
            var amplifications: [String: Double] = [:]
            for estimate in estimates {
                try container.encode(estimate.value, forKey: Key(estimate.model.name))
                errors[estimate.model.name] = estimate.standardError
                amplifications[estimate.model.name] = estimate.amplification
            }
            try container.encode(extrapolation.unmitigated, forKey: Key("unmitigated"))
            let points = zip(extrapolation.scaleFactors, extrapolation.values).map { [$0.0, $0.1] }
            try container.encode(points, forKey: Key("points"))
            try container.encode(errors, forKey: Key("standard_errors"))
            try container.encode(amplifications, forKey: Key("error_amplification"))
            let reasons = refusals.map { ($0.model.name, $0.reason.description) }
            try container.encode(
                Dictionary(reasons, uniquingKeysWith: { first, _ in first }), forKey: Key("refused"))
        }
    }
}
