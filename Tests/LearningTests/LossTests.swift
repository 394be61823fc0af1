import Compute
import Foundation
import TestSupport
import Testing

@testable import Learning

/// Expected values: `Tests/Golden/models.json`, and central differences.
struct LossTests {
    private struct Models: Decodable {
        struct LossCase: Decodable {
            struct Expected: Decodable {
                let softmax: Double
                let rate: Double

                enum CodingKeys: String, CodingKey {
                    case softmax = "softmax_cross_entropy_of_temperature_times_rate"
                    case rate = "rate_cross_entropy_S9"
                }
            }
            let rates: [Double]
            let label: Int
            let temperature: Double
            let expected: Expected
        }
        struct RegulariserCase: Decodable {
            struct Expected: Decodable {
                let value: Double
                let gradient: [[Double]]
            }
            let lambda: Double
            let u: [[Double]]
            let expected: Expected
        }
        let losses: [LossCase]
        let regulariser: [RegulariserCase]

        enum CodingKeys: String, CodingKey {
            case losses
            case regulariser = "sparsity_regulariser"
        }
    }

    private let models: Models

    init() throws { models = try JSONDecoder().decode(Models.self, from: Golden.data("models.json")) }

    @Test("both losses have their golden values within 1e-12")
    func goldenLosses() {
        #expect(models.losses.count == 4)
        for golden in models.losses {
            let softmax = Loss.softmaxCrossEntropy(temperature: golden.temperature)
                .value(rates: golden.rates, label: golden.label)
            #expect(abs(softmax - golden.expected.softmax) < 1e-12)
            let rate = Loss.rateCrossEntropy(floor: 0.01).value(rates: golden.rates, label: golden.label)
            #expect(abs(rate - golden.expected.rate) < 1e-12)
        }
    }

    @Test("gradients of both losses agree with central differences")
    func lossGradients() {
        for golden in models.losses {
            for loss in [
                Loss.softmaxCrossEntropy(temperature: golden.temperature), .rateCrossEntropy(floor: 0.01),
            ] {
                let check = gradientCheck(
                    function: { loss.value(rates: $0, label: golden.label) }, at: golden.rates,
                    gradient: loss.gradient(rates: golden.rates, label: golden.label), tolerance: 1e-7)
                #expect(check.passed, "\(loss): \(check)")
            }
        }
    }

    @Test("rates of exactly 0 and 1 cost −log(floor) where wrong, and have the slope of the bound")
    func floor() {
        let loss = Loss.rateCrossEntropy(floor: 0.01)
        #expect(abs(loss.value(rates: [0, 1], label: 0) + log(0.01)) < 1e-12)
        #expect(abs(loss.value(rates: [1, 0], label: 0) + log(0.99)) < 1e-12)
        let gradient = loss.gradient(rates: [0, 1], label: 0)
        #expect(abs(gradient[0] + 100 / 2) < 1e-9)
        #expect(abs(gradient[1] - 100 / 2) < 1e-9)
    }

    @Test("softmax stays finite at any temperature")
    func largeTemperature() {
        let loss = Loss.softmaxCrossEntropy(temperature: 1e6)
        #expect(loss.value(rates: [0, 1], label: 1) == 0)
        #expect(loss.value(rates: [0, 1], label: 0) == 1e6)
        #expect(loss.gradient(rates: [0, 1], label: 0) == [-1e6, 1e6])
    }

    @Test("the regulariser has its golden values and gradients")
    func goldenRegulariser() {
        #expect(models.regulariser.count == 4)
        for golden in models.regulariser {
            let regulariser = SparsityRegulariser(weight: golden.lambda)
            #expect(abs(regulariser.value(golden.u) - golden.expected.value) < 1e-12)
            let found = regulariser.gradient(golden.u)
            #expect(found.count == golden.expected.gradient.count)
            for (value, expected) in zip(found.joined(), golden.expected.gradient.joined()) {
                #expect(abs(value - expected) < 1e-12)
            }
        }
    }

    @Test("the regulariser's gradient agrees with central differences")
    func regulariserGradient() {
        for golden in models.regulariser {
            // λ = 1, or the differences of so small a function prove little.
            let regulariser = SparsityRegulariser(weight: 1)
            let width = golden.u[0].count
            let check = gradientCheck(
                function: { values in
                    regulariser.value(
                        golden.u.indices.map { Array(values[$0 * width..<($0 + 1) * width]) })
                },
                at: golden.u.flatMap { $0 }, gradient: regulariser.gradient(golden.u).flatMap { $0 },
                tolerance: 1e-7)
            #expect(check.passed, "\(check)")
        }
    }

    @Test("the regulariser is 0, with gradient 0, where nothing can fire")
    func silence() {
        let silent = [[0.0, 0, 0], [0, 0, 0]]
        #expect(SparsityRegulariser(weight: 2).value(silent) == 0)
        #expect(SparsityRegulariser(weight: 2).gradient(silent) == silent)
        // What is next to nothing counts as nothing: the gradient of a neuron alone there would be beyond all bounds.
        #expect(SparsityRegulariser(weight: 2).gradient([[1e-7, 1e-20, 0]]) == [[0, 0, 0]])
        // One sure neuron a step is the least a firing layer can have: λ · 1.
        #expect(SparsityRegulariser(weight: 2).value([[0, 1, 0], [1, 0, 0]]) == 2)
    }
}
