import Compute
import Foundation
import Learning
import SpikeTrains

/// Logistic regression of the answer on a population's spikes of the current step: P(yes) = σ(b + Σ_n w_n s_n).
///
/// The readout has no memory, so that whatever an answer needs of the past must be in the spikes of the step it is due.
struct LogisticReadout: Sendable {
    /// w, and b after them.
    private(set) var parameters: AlignedBuffer<Float>
    private var gradient: AlignedBuffer<Float>
    private var moments: [AlignedBuffer<Float>]
    private var updateCount = 0

    /// A readout with random weights of deviation 1/√n.
    init(neuronCount: Int, random: RandomStream) {
        var generator = random.generator()
        let scale = 1 / Double(neuronCount).squareRoot()
        let weights = (0..<neuronCount).map { _ in Float(scale * .standardNormal(using: &generator)) }
        self.init(weights: weights, bias: 0)
    }

    init(weights: [Float], bias: Float) {
        parameters = AlignedBuffer(weights + [bias])
        gradient = AlignedBuffer(repeating: 0, count: weights.count + 1)
        moments = Array(repeating: gradient, count: 2)
    }

    private var neuronCount: Int { parameters.count - 1 }

    /// How a batch was answered.
    struct Response {
        /// Cross-entropy, mean over trials and answers, nats.
        var loss: Double
        /// Answers that are right.
        var rightCount: Int
    }

    /// Takes the gradient of the mean cross-entropy of a batch: keeps that of the parameters, writes that of the spikes.
    ///
    /// - Parameters:
    ///   - answers: `[trial][target step]`.
    ///   - errors: ∂L/∂s, `[trial][step][neuron]`; written at the target steps, 0 elsewhere.
    mutating func reverse(
        _ raster: SpikeRaster, answers: [Bool], targetSteps: [Int], errors: inout [Float]
    ) {
        let share = 1 / Float(answers.count)
        let weights = parameters.array
        var slopes = [Float](repeating: 0, count: weights.count)
        for index in errors.indices { errors[index] = 0 }
        for (index, answer) in answers.enumerated() {
            let trial = index / targetSteps.count
            let row = trial * raster.stepCount + targetSteps[index % targetSteps.count]
            let logit = logit(raster, row: row, weights)
            let slope = share * (1 / (1 + exp(-logit)) - (answer ? 1 : 0))
            raster.forEachActive(row: row) { slopes[$0] += slope }
            slopes[neuronCount] += slope
            for neuron in 0..<neuronCount { errors[row * neuronCount + neuron] = slope * weights[neuron] }
        }
        gradient = AlignedBuffer(slopes)
    }

    /// Answers a batch.
    func respond(to raster: SpikeRaster, answers: [Bool], targetSteps: [Int]) -> Response {
        var response = Response(loss: 0, rightCount: 0)
        let weights = parameters.array
        for (index, answer) in answers.enumerated() {
            let row = index / targetSteps.count * raster.stepCount + targetSteps[index % targetSteps.count]
            response.add(logit: logit(raster, row: row, weights), answer: answer)
        }
        response.loss /= Double(answers.count)
        return response
    }

    private func logit(_ raster: SpikeRaster, row: Int, _ weights: [Float]) -> Float {
        var logit = weights[neuronCount]
        raster.forEachActive(row: row) { logit += weights[$0] }
        return logit
    }

    /// Takes a step of Adam along the last gradient.
    mutating func update(rate: Double) {
        updateCount += 1
        let target = OptimizedParameters(
            parameters.mutableView(), moments: moments.indices.map { moments[$0].mutableView() })
        Optimizer.adam().step(
            target, gradient: gradient.view, updateCount: updateCount, rate: rate,
            kernels: InstructionSet.current.kernels)
    }
}

extension LogisticReadout.Response {
    /// Counts one answer; a logit of 0 is a no.
    fileprivate mutating func add(logit: Float, answer: Bool) {
        // log(1 + e^z) without overflow, for z the logit against the right answer.
        let against = Double(answer ? -logit : logit)
        loss += max(against, 0) + log1p(exp(-against.magnitude))
        if (logit > 0) == answer { rightCount += 1 }
    }
}
