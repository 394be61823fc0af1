extension ReferenceNeuron {
    /// The gradient of a loss with respect to everything a neuron is given.
    public struct Gradient: Hashable, Sendable {
        /// One for each parameter: of a quantum neuron its angles.
        public let parameters: [Double]
        /// `[step][channel]`; 0 for currents of 0 or less, which apply no gate.
        public let currents: [[Double]]
    }

    /// The exact gradient of Σ_t log p(s_t | s^{t−1}), the spikes being held.
    ///
    /// - Complexity: one run with a density matrix for each angle and each current: for small circuits only.
    public func logLikelihoodGradient(currents: [[Double]], spikes: [[Int]]) throws -> Gradient {
        try gradient(currents: currents, spikes: spikes) { _, step in
            step.probability.slopes.map { $0 / step.probability.value }
        }
    }

    /// The exact gradient of Σ_t Σ_n g[t][n] · p(s_t^n = 1 | s^{t−1}), the spikes being held: what
    /// backpropagation through time must give for any loss of the firing probabilities.
    ///
    /// - Parameter weights: g, `[step][channel]`.
    public func firingProbabilityGradient(
        weights: [[Double]], currents: [[Double]], spikes: [[Int]]
    ) throws -> Gradient {
        precondition(
            weights.count == currents.count && weights.allSatisfy { $0.count == channelCount },
            "one weight for each step and channel")
        return try gradient(currents: currents, spikes: spikes) { index, step in
            zip(weights[index], step.firing).reduce(
                into: [Double](repeating: 0, count: step.probability.slopes.count)
            ) { sum, channel in
                for variable in sum.indices { sum[variable] += channel.0 * channel.1.slopes[variable] }
            }
        }
    }

    /// Sums over the steps what each contributes to the slope with respect to each variable.
    private func gradient(
        currents: [[Double]], spikes: [[Int]], contribution: (Int, ReferenceStep) -> [Double]
    ) throws -> Gradient {
        let variables =
            parameters.indices.map { ReferenceVariable.parameter($0) }
            + currents.indices.flatMap { step in
                (0..<model.currentCount).map { .current(step: step, channel: $0) }
            }
        var slopes = [Double](repeating: 0, count: variables.count)
        let steps = try steps(currents: currents, spikes: spikes, variables: variables)
        for (index, step) in steps.enumerated() {
            for (variable, slope) in contribution(index, step).enumerated() { slopes[variable] += slope }
        }
        let ofCurrents = slopes.dropFirst(parameters.count)
        return Gradient(
            parameters: Array(slopes.prefix(parameters.count)),
            currents: currents.indices.map { step in
                Array(ofCurrents.dropFirst(step * model.currentCount).prefix(model.currentCount))
            })
    }
}
