import Foundation
import TestSupport
import Testing

@testable import ErrorMitigation
import QuantumCircuits

struct ZeroNoiseExtrapolationTests {
    struct Document: Decodable {
        struct Case: Decodable, Sendable {
            let scaleFactors: [Double]
            let values: [Double]
            let expected: [String: Double]

            enum CodingKeys: String, CodingKey {
                case values, expected
                case scaleFactors = "scale_factors"
            }
        }
        let cases: [Case]

        enum CodingKeys: String, CodingKey {
            case cases = "zero_noise_extrapolation"
        }
    }

    static func cases() throws -> [Document.Case] {
        try JSONDecoder().decode(Document.self, from: Golden.data("models.json")).cases
    }

    @Test("every model agrees with Mitiq's to 1e-9", arguments: try cases())
    func golden(entry: Document.Case) throws {
        let data = try ZeroNoiseExtrapolation(scaleFactors: entry.scaleFactors, values: entry.values)
        let models: [ZeroNoiseExtrapolation.Model] = [
            .linear, .richardson, .exponential(asymptote: 0.5), .polynomial(order: 2),
        ]
        #expect(Set(models.map(\.name)) == Set(entry.expected.keys))
        for model in models {
            let expected = try #require(entry.expected[model.name])
            #expect(abs(try data.estimate(model).value - expected) < 1e-9, "\(model.name)")
        }
        #expect(data.unmitigated == entry.values[0])
    }

    @Test("a model finds the curve that the values lie on")
    func exact() throws {
        let factors = [1, 1.5, 2, 3, 5]
        func value(_ model: ZeroNoiseExtrapolation.Model, _ curve: (Double) -> Double) throws -> Double {
            try ZeroNoiseExtrapolation(scaleFactors: factors, values: factors.map(curve)).estimate(model)
                .value
        }
        #expect(abs(try value(.linear) { 2 - 0.3 * $0 } - 2) < 1e-12)
        #expect(abs(try value(.polynomial(order: 3)) { 1 + $0 - 0.2 * $0 * $0 * $0 } - 1) < 1e-11)
        #expect(abs(try value(.richardson) { 1 + $0 * $0 * $0 * $0 } - 1) < 1e-10)
        #expect(abs(try value(.exponential(asymptote: 0.25)) { 0.25 + 0.5 * exp(-0.4 * $0) } - 0.75) < 1e-12)
        // Values below the asymptote rise to it.
        #expect(abs(try value(.exponential(asymptote: 0.5)) { 0.5 - 0.4 * exp(-0.7 * $0) } - 0.1) < 1e-12)
        // The minimum over the rate is found to the square root of the precision.
        #expect(abs(try value(.exponential(asymptote: nil)) { 0.3 + 0.6 * exp(-0.5 * $0) } - 0.9) < 1e-6)
    }

    @Test(
        "error bars: propagated where errors are given, from residuals where there are points to spare, else none"
    )
    func errors() throws {
        // At scales 1 and 2 the line gives 2 y₁ − y₂: √(4 σ₁² + σ₂²).
        let two = try ZeroNoiseExtrapolation(
            scaleFactors: [1, 2], values: [0.8, 0.7], standardErrors: [0.01, 0.02])
        let error = try #require(try two.estimate(.linear).standardError)
        #expect(abs(error - (4 * 0.0001 + 0.0004).squareRoot()) < 1e-9)
        let bare = try ZeroNoiseExtrapolation(scaleFactors: [1, 2], values: [0.8, 0.7])
        #expect(try bare.estimate(.linear).standardError == nil)
        // Residuals of (1, 0), (2, 1), (3, 0) from their mean line 1/3 are −1/3, 2/3, −1/3; σ² = 6/9, and the intercept
        // has variance σ² (1/3 + 2²/2).
        let three = try ZeroNoiseExtrapolation(scaleFactors: [1, 2, 3], values: [0, 1, 0])
        let spread = try #require(try three.estimate(.linear).standardError)
        #expect(abs(spread - (6.0 / 9 * (1.0 / 3 + 2)).squareRoot()) < 1e-9)
    }

    /// Exact: by Python's `fractions` from the decimals given here, w_i = Π_{j≠i} x_j / (x_j − x_i).
    @Test(
        "Richardson is exact to rounding, however many factors there are and however close or far apart they stand"
    )
    func richardson() throws {
        func check(_ factors: [Double], _ values: [Double], _ expected: Double, _ weights: Double) throws {
            let found = try ZeroNoiseExtrapolation(scaleFactors: factors, values: values).estimate(
                .richardson)
            #expect(
                abs(found.value - expected) < 1e-14 * weights + 1e-13 * abs(expected),
                "\(factors.count) factors")
            #expect(abs(found.amplification / weights - 1) < 1e-12)
        }
        let falling = [
            0.95, 0.9, 0.86, 0.81, 0.77, 0.74, 0.7, 0.66, 0.63, 0.6, 0.57, 0.54, 0.51, 0.49, 0.46, 0.44, 0.42,
            0.4, 0.38,
            0.36,
        ]
        try check((1...20).map(Double.init), falling, -89.09000000001353, 1_048_575)
        let uneven = [
            0.9, 0.8884, 0.8768, 0.8617, 0.8501, 0.835, 0.8234, 0.8118, 0.7967, 0.7851, 0.77, 0.7584, 0.7468,
            0.7317, 0.7201,
            0.705, 0.6934, 0.6818, 0.6667, 0.6551, 0.64, 0.6284, 0.6168, 0.6017, 0.5901,
        ]
        try check((0..<25).map { 2 * Double($0) + 1 }, uneven, 394.0678966647955, 3_932_238.8625810146)
        try check([1, 1 + 1e-4, 1 + 2e-4], [0.9, 0.8, 0.75], 2_501_250.9000005475, 200_040_001.00004405)
        // A line through two points is the polynomial through them.
        let far = try ZeroNoiseExtrapolation(scaleFactors: [1, 1e160], values: [0.906, 0.704])
        for estimate in [try far.estimate(.richardson), try far.estimate(.linear)] {
            #expect(estimate.value == 0.906)
        }
    }

    /// Exact: by Python's `fractions`, the normal equations solved without rounding.
    @Test("lines and parabolas nearest to many, close or far points are those of exact arithmetic")
    func nearest() throws {
        let falling = [
            0.95, 0.9, 0.86, 0.81, 0.77, 0.74, 0.7, 0.66, 0.63, 0.6, 0.57, 0.54, 0.51, 0.49, 0.46, 0.44, 0.42,
            0.4, 0.38,
            0.36,
        ]
        let many = try ZeroNoiseExtrapolation(scaleFactors: (1...20).map(Double.init), values: falling)
        #expect(abs(try many.estimate(.linear).value - 0.9307368421052632) < 1e-14)
        #expect(abs(try many.estimate(.polynomial(order: 2)).value - 0.9919210526315789) < 1e-14)
        #expect(abs(try many.estimate(.polynomial(order: 6)).value - 1.0006153250773993) < 1e-12)
        let close = try ZeroNoiseExtrapolation(
            scaleFactors: [1, 1 + 1e-6, 1 + 2e-6], values: [0.9, 0.8, 0.75])
        #expect(abs(try close.estimate(.linear).value / 75000.89166358481 - 1) < 1e-13)
        let far = try ZeroNoiseExtrapolation(scaleFactors: [1, 2, 1e160], values: [0.9, 0.8, 0.7])
        #expect(abs(try far.estimate(.linear).value - 0.85) < 1e-15)
    }

    @Test("an estimate that would be made of rounding errors is refused with the sum of its weights")
    func roundingErrors() throws {
        // Exact, by Python's fractions: weights of 2.000000019900963e16 together.
        let close = try ZeroNoiseExtrapolation(
            scaleFactors: [1, 1 + 1e-8, 1 + 2e-8], values: [0.9, 0.8, 0.75])
        let error = #expect(throws: ExtrapolationError.self) { try close.estimate(.richardson) }
        guard case .weights("richardson", let sum) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(abs(sum / 2.000000019900963e16 - 1) < 1e-12)
        let huge = try ZeroNoiseExtrapolation(scaleFactors: [1, 2], values: [1e308, -1e308])
        #expect(throws: ExtrapolationError.notFinite("linear")) { try huge.estimate(.linear) }
        #expect(throws: ExtrapolationError.tooManyPoints(found: 1001)) {
            try ZeroNoiseExtrapolation(
                scaleFactors: (1...1001).map(Double.init), values: [Double](repeating: 0, count: 1001))
        }
    }

    /// By hand: over 1, 3, 5 the line has the weights (13, 4, −5)/12, Richardson (15, −10, 3)/8.
    @Test("error bars are those of the fit's weights, whatever the values", arguments: [0, 1e-12, 0.1])
    func equalValues(difference: Double) throws {
        let data = try ZeroNoiseExtrapolation(
            scaleFactors: [1, 3, 5], values: [0.5, 0.5, 0.5 + difference], standardErrors: [0.1, 0.1, 0.1])
        let line = try #require(try data.estimate(.linear).standardError)
        #expect(abs(line - 0.1 * (169.0 + 16 + 25).squareRoot() / 12) < 1e-15)
        let richardson = try #require(try data.estimate(.richardson).standardError)
        #expect(abs(richardson - 0.1 * (225.0 + 100 + 9).squareRoot() / 8) < 1e-15)
    }

    /// Expected: differences of the estimates at values moved by 1e-6, which is exact to some 1e-9 of the slopes.
    @Test("the weights of exponentials are the derivatives of their estimates")
    func exponentialWeights() throws {
        let factors = [1.0, 1.5, 2, 3]
        func estimate(
            _ model: ZeroNoiseExtrapolation.Model, _ values: [Double], errors: [Double]? = nil
        ) throws -> ZeroNoiseExtrapolation.Estimate {
            try ZeroNoiseExtrapolation(
                scaleFactors: Array(factors.prefix(values.count)), values: values, standardErrors: errors
            ).estimate(model)
        }
        let uneven = [0.86, 0.77, 0.74, 0.66]
        let three = (0..<3).map { 0.3 + 0.6 * exp(-0.5 * factors[$0]) }
        for (model, values, tolerance) in [
            (.exponential(asymptote: 0.5), uneven, 1e-7), (.exponential(asymptote: nil), three, 1e-3),
        ] as [(ZeroNoiseExtrapolation.Model, [Double], Double)] {
            for place in values.indices {
                var errors = [Double](repeating: 0, count: values.count)
                errors[place] = 1
                let found = try #require(try estimate(model, values, errors: errors).standardError)
                var (above, below) = (values, values)
                above[place] += 1e-6
                below[place] -= 1e-6
                let slope = (try estimate(model, above).value - estimate(model, below).value) / 2e-6
                #expect(abs(found / abs(slope) - 1) < tolerance, "\(model.name), value \(place)")
            }
        }
        // Equal values away from the asymptote: the line through equal logarithms, with Richardson's weights for two points.
        let equal = try estimate(.exponential(asymptote: 0.5), [0.7, 0.7], errors: [0.01, 0.01])
        #expect(abs(try #require(equal.standardError) - 0.01 * (9.0 + 4).squareRoot()) < 1e-14)
    }

    @Test("what cannot be extrapolated is refused, and the message names the number")
    func refusals() throws {
        let three = try ZeroNoiseExtrapolation(scaleFactors: [1, 3, 5], values: [0.7, 0.6, 0.45])
        #expect(throws: ExtrapolationError.tooFewPoints(found: 3, needed: 4)) {
            try three.estimate(.polynomial(order: 3))
        }
        #expect(throws: ExtrapolationError.asymptote(0.5, index: 2, found: 0.45)) {
            try three.estimate(.exponential(asymptote: 0.5))
        }
        // It falls ever faster: no decay fits.
        #expect(throws: ExtrapolationError.noExponential) { try three.estimate(.exponential(asymptote: nil)) }
        #expect(throws: ExtrapolationError.tooFewPoints(found: 1, needed: 2)) {
            try ZeroNoiseExtrapolation(scaleFactors: [1], values: [1])
        }
        #expect(throws: ExtrapolationError.counts("values", found: 1, expected: 2)) {
            try ZeroNoiseExtrapolation(scaleFactors: [1, 2], values: [1])
        }
        #expect(throws: ExtrapolationError.scaleFactor(index: 1, found: 0.5)) {
            try ZeroNoiseExtrapolation(scaleFactors: [1, 0.5], values: [1, 1])
        }
        #expect(throws: ExtrapolationError.repeatedScaleFactor(index: 2, found: 1)) {
            try ZeroNoiseExtrapolation(scaleFactors: [1, 3, 1], values: [1, 1, 1])
        }
        #expect(throws: ExtrapolationError.standardError(index: 0, found: -1)) {
            try ZeroNoiseExtrapolation(scaleFactors: [1, 2], values: [1, 1], standardErrors: [-1, 0])
        }
    }
}
