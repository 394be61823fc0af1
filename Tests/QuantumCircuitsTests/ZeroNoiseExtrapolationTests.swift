import Foundation
import TestSupport
import Testing

@testable import QuantumCircuits

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
