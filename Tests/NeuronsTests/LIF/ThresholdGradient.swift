@testable import Neurons

extension ReferenceDynamics {
    /// Slopes of Σ_t a_t s_t + Σ_t b_t u_t, the spikes that reset the neuron being constants and ∂s/∂u the surrogate.
    ///
    /// - Parameters:
    ///   - spikeErrors: a_t.
    ///   - activityErrors: b_t from u_t.
    func slopes(
        currents: [[Double]], spikes: [Int], spikeErrors: [Double], variables: [ReferenceVariable],
        activityErrors: (Int, Double) -> Double
    ) throws -> [Double] {
        let steps = try steps(currents: currents, spikes: spikes.map { [$0] }, variables: variables)
        return variables.indices.map { index in
            steps.enumerated().reduce(0) { sum, entry in
                let (step, found) = entry
                let activity = found.activity[0]
                return sum + spikeErrors[step] * found.firing[0].slopes[index]
                    + activityErrors(step, activity.value) * activity.slopes[index]
            }
        }
    }

    /// Every current, then parameters.
    static func variables(stepCount: Int, currentCount: Int = 1, parameterCount: Int = 0)
        -> [ReferenceVariable]
    {
        (0..<stepCount).flatMap { step in (0..<currentCount).map { .current(step: step, channel: $0) } }
            + (0..<parameterCount).map { .parameter($0) }
    }
}
