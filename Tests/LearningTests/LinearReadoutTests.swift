import Compute
import Foundation
import SpikeTrains
import Testing

@testable import Learning

/// Expected values: central differences, and the formulas by hand.
struct LinearReadoutTests {
    private static let raster = SpikeExamples.raster(samples: 3, steps: 4, neurons: 2, seed: 8)

    private static func activity(_ raster: SpikeRaster = raster) -> OutputActivity {
        OutputActivity(
            spikes: raster, sampleIndices: Array(0..<raster.sampleCount),
            ties: RandomStream(seed: 1, purpose: .tie))
    }

    private static let cases: [(loss: LinearReadout.Loss, targets: Targets, outputCount: Int)] = [
        (.squaredError, .values(TargetValues([0.5, -1, 2, 0, 1, 3], outputCount: 2)), 2),
        (.squaredError, .values(TargetValues([0.5, -1, 2, 0, 1, 3], steps: [1, 3])), 1),
        (.logistic, .values(TargetValues([1, 0, 0, 1, 1, 0], steps: [0, 2])), 1),
        (.squaredError, .classes([2, 0, 1]), 3), (.logistic, .classes([2, 0, 1]), 3),
    ]

    @Test("the gradient of the read-out is the slope of its mean loss", arguments: cases.indices)
    func parameters(number: Int) {
        let (loss, targets, outputCount) = Self.cases[number]
        let parameters = (0..<3 * outputCount).map { 0.6 * Double($0 % 4) - 0.9 }
        func readout(_ parameters: [Double]) -> LinearReadout {
            LinearReadout(parameters.map { Float($0) }, outputCount: outputCount, loss: loss)
        }
        var trained = readout(parameters)
        let (judgement, _) = trained.learn(Self.activity(), targets)
        #expect(judgement.lossSum == trained.judge(Self.activity(), targets).lossSum)
        let check = gradientCheck(
            function: { (readout($0).judge(Self.activity(), targets).lossSum ?? .nan) / 3 }, at: parameters,
            gradient: trained.parameters.gradient.array.map { Double($0) }, tolerance: 2e-4, step: 0.05)
        #expect(check.passed, "\(check)")
    }

    /// y is linear in the spikes, so that ∂L/∂s = Σ_o ∂L/∂y_o · w_o, and ∂L/∂y_o is the gradient of the constant b_o.
    @Test("the errors of the spikes are the constant's gradient times the weights")
    func spikeErrors() throws {
        var steps = SpikeRaster(sampleCount: 1, stepCount: 3, neuronCount: 2)
        steps[0, 1, 0] = true
        var logistic = LinearReadout([0.75, -1.5, 0.25], loss: .logistic)
        let (_, ofSteps) = logistic.learn(
            Self.activity(steps), .values(TargetValues([1], steps: [1])))
        guard case .perStep(let errors) = ofSteps else {
            Issue.record("a target step has errors of its own")
            return
        }
        // The logit at the step is 1, the answer yes.
        let slope = Float(1 / (1 + exp(-1.0)) - 1)
        #expect(abs(errors[2] - 0.75 * slope) < 1e-6 && abs(errors[3] + 1.5 * slope) < 1e-6)
        #expect(errors[0] == 0 && errors[1] == 0 && errors[4] == 0 && errors[5] == 0)

        var rates = LinearReadout([2, 4, 1, -1, 0, 0.5], outputCount: 2, loss: .squaredError)
        let (_, ofRates) = rates.learn(
            Self.activity(steps), .values(TargetValues([1, 1], outputCount: 2)))
        guard case .perSample(let perSample) = ofRates else {
            Issue.record("rates have the same error at every step")
            return
        }
        // y = (2/3 + 1, −1/3 + 1/2), ∂L/∂y = (y − 1) for two outputs, ∂rate/∂s = 1/3.
        let slopes = [Float(2) / 3, Float(1) / 6 - 1]
        #expect(abs(perSample[0] - (2 * slopes[0] - slopes[1]) / 3) < 1e-6)
        #expect(abs(perSample[1] - 4 * slopes[0] / 3) < 1e-6)
    }

    @Test("answers are right on their side of 0, classes where their output is largest")
    func answers() throws {
        var raster = SpikeRaster(sampleCount: 2, stepCount: 1, neuronCount: 1)
        raster[1, 0, 0] = true
        let logistic = LinearReadout([2, -1], loss: .logistic)
        let judged = logistic.judge(
            Self.activity(raster), .values(TargetValues([0, 0], steps: [0])))
        #expect(judged.rightCount == 1 && judged.answerCount == 2)
        #expect(abs(try #require(judged.lossSum) - (log(1 + exp(-1.0)) + log(1 + exp(1.0)))) < 1e-6)
        let classes = LinearReadout([2, -1, 0, 0], outputCount: 2, loss: .squaredError)
        #expect(classes.judge(Self.activity(raster), .classes([1, 1])).predictions == [1, 0])
    }
}
