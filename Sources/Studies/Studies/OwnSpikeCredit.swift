import Foundation
import SpikeTrains
import Networks
import Neurons

/// The part of the gradient of `last-spike-feedback` that runs through the neuron's own spikes.
///
/// Gradients along recorded spikes take a neuron's own past spike as a constant (docs/decisions/0005). For a neuron whose
/// only memory is that spike, nothing would ever tell a step that a later one depends on it, and the control would lose by
/// the way it is trained. So the error of a step gets, before the way back, what its spike does to the next:
///
///     ∂L/∂s_t ← ∂L/∂s_t + ∂L/∂s_{t+1} · (p(s_{t+1} = 1 | s_t = 1) − p(s_{t+1} = 1 | s_t = 0)),
///
/// a difference, not a derivative, because a spike is 0 or 1. The quantum neurons carry their memory in amplitudes, through
/// which the ordinary gradient runs.
struct OwnSpikeCredit: Sendable {
    private let neuronCount: Int
    /// The difference above, `[input pattern][neuron]`: a current depends on the pattern of its step alone.
    private let differences: [Float]

    /// - Returns: nil for neurons other than `last-spike-feedback`.
    init?(_ network: Network) {
        let (population, projection) = (network.populations[0], network.projections[0])
        guard population.model is LastSpikeFeedback else { return nil }
        neuronCount = population.neuronCount
        let angles = (0..<neuronCount).map { population[parameters: $0] }
        var differences: [Float] = []
        for pattern in 0..<1 << network.inputCount {
            for neuron in 0..<neuronCount {
                let current = (0..<network.inputCount).reduce(Float(0)) { sum, input in
                    pattern >> input & 1 == 1 ? sum + projection[input, neuron] : sum
                }
                let (feedback, constant) = (angles[neuron][0], angles[neuron][1] + angles[neuron][2])
                let rotation = max(current, 0) * .pi + constant
                differences.append(
                    Self.firingProbability(rotation + feedback) - Self.firingProbability(rotation))
            }
        }
        self.differences = differences
    }

    private static func firingProbability(_ angle: Float) -> Float {
        let sine = sin(angle / 2)
        return sine * sine
    }

    /// Adds the part to the errors of a batch, from the last step of each trial to the first.
    ///
    /// - Parameters:
    ///   - errors: ∂L/∂s of the current step's part in the loss, `[trial][step][neuron]`.
    ///   - input: spikes of the inputs, at most 64.
    func add(to errors: inout [Float], input: SpikeRaster) {
        for trial in 0..<input.sampleCount {
            for step in stride(from: input.stepCount - 2, through: 0, by: -1) {
                let row = trial * input.stepCount + step
                let pattern = Int(input.words[(row + 1) * input.wordsPerRow])
                for neuron in 0..<neuronCount {
                    errors[row * neuronCount + neuron] +=
                        errors[(row + 1) * neuronCount + neuron] * differences[pattern * neuronCount + neuron]
                }
            }
        }
    }
}
