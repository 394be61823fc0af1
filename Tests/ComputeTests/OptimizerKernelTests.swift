import Compute
import Foundation
import Testing

/// Expected values: the update rules written out in double precision.
struct OptimizerKernelTests {
    /// Gradients of many sizes, exact zeros among them.
    private static func gradient(step: Int, count: Int) -> [Float] {
        var random = RandomStream(seed: 3, purpose: .analysis).generator(sample: step)
        return (0..<count).map { index in
            let value = Float.random(in: -1...1, using: &random)
            return index % 7 == 0 ? 0 : value * powf(10, Float(index % 5) - 4)
        }
    }

    /// Kingma and Ba, algorithm 1, with the bias corrections in their place.
    @Test("Adam follows its published algorithm over several updates", arguments: InstructionSet.available)
    func adam(level: InstructionSet) {
        let count = 96
        let (rate, firstDecay, secondDecay, epsilon, scale) = (0.01, 0.9, 0.999, 1e-8, 0.5)
        var parameters = AlignedBuffer((0..<count).map { Float($0) / 100 - 0.4 })
        var firstMoment = AlignedBuffer<Float>(repeating: 0, count: count)
        var secondMoment = AlignedBuffer<Float>(repeating: 0, count: count)
        var expected = parameters.array.map { Double($0) }
        var (first, second) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
        for step in 1...20 {
            let gradient = AlignedBuffer(Self.gradient(step: step, count: count))
            let secondCorrection = 1 - pow(secondDecay, Double(step))
            let firstCorrection = 1 - pow(firstDecay, Double(step))
            level.kernels.stepAdam(
                AdamTask(
                    parameters: parameters.mutableBase(), gradient: gradient.base,
                    firstMoment: firstMoment.mutableBase(), secondMoment: secondMoment.mutableBase(),
                    count: count, rate: Float(rate * secondCorrection.squareRoot() / firstCorrection),
                    epsilon: Float(epsilon * secondCorrection.squareRoot()), firstDecay: Float(firstDecay),
                    secondDecay: Float(secondDecay), gradientScale: Float(scale)))
            for index in 0..<count {
                let slope = scale * Double(gradient[index])
                first[index] = firstDecay * first[index] + (1 - firstDecay) * slope
                second[index] = secondDecay * second[index] + (1 - secondDecay) * slope * slope
                let mean = first[index] / firstCorrection
                let deviation = (second[index] / secondCorrection).squareRoot()
                expected[index] -= rate * mean / (deviation + epsilon)
            }
        }
        for index in 0..<count {
            // Twenty steps of at most 0.01, each to single precision.
            #expect(abs(Double(parameters[index]) - expected[index]) < 2e-6, "parameter \(index)")
            if index % 7 == 0 { #expect(parameters[index] == Float(index) / 100 - 0.4) }
        }
    }

    @Test("momentum accumulates v ← μ v + g, θ ← θ − η v", arguments: InstructionSet.available)
    func momentum(level: InstructionSet) {
        let count = 48
        var parameters = AlignedBuffer((0..<count).map { Float($0) / 50 })
        var velocity = AlignedBuffer<Float>(repeating: 0, count: count)
        var expected = parameters.array.map { Double($0) }
        var speed = [Double](repeating: 0, count: count)
        for step in 1...10 {
            let gradient = AlignedBuffer(Self.gradient(step: step, count: count))
            level.kernels.stepMomentum(
                MomentumTask(
                    parameters: parameters.mutableBase(), gradient: gradient.base,
                    velocity: velocity.mutableBase(), count: count, rate: 0.1, momentum: 0.75,
                    gradientScale: 2))
            for index in 0..<count {
                speed[index] = 0.75 * speed[index] + 2 * Double(gradient[index])
                expected[index] -= 0.1 * speed[index]
            }
        }
        for index in 0..<count {
            #expect(abs(Double(parameters[index]) - expected[index]) < 4e-6, "parameter \(index)")
        }
    }
}
