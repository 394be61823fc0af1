import Compute

/// One leaky integrate-and-fire neuron in double precision, straight from its equations; what the kernels are tested
/// against.
///
/// As snnTorch's `Leaky`: U_t = β U_{t−1} + z_t − S_{t−1} θ where the reset subtracts, U_t = β U_{t−1} (1 − S_{t−1}) + z_t
/// where it is to zero; S_t = 1 where U_t > θ; U_0 = S_0 = 0.
public struct LIFReference: Sendable {
    /// β
    public var decay: Double
    /// θ
    public var threshold: Double
    public var settings: LIFSettings

    public init(decay: Double, threshold: Double, settings: LIFSettings) {
        self.decay = decay
        self.threshold = threshold
        self.settings = settings
    }

    /// The potentials U_t and the spikes S_t.
    ///
    /// - Parameters:
    ///   - currents: z_t.
    ///   - spikes: those that reset the neuron, 0 or 1 a step; nil for its own.
    public func run(currents: [Double], spikes given: [Int]? = nil) -> (potentials: [Double], spikes: [Int]) {
        var (potentials, spikes): ([Double], [Int]) = ([], [])
        var (potential, spike) = (0.0, 0)
        for (step, current) in currents.enumerated() {
            switch settings.reset {
            case .subtract: potential = decay * potential + current - Double(spike) * threshold
            case .zero: potential = decay * potential * Double(1 - spike) + current
            }
            let own = potential > threshold ? 1 : 0
            potentials.append(potential)
            spikes.append(own)
            spike = given?[step] ?? own
        }
        return (potentials, spikes)
    }

    /// Derivatives of Σ_t a_t H(U_t − θ) + Σ_t b_t U_t, where H′ is the surrogate, by the currents, the decay and the
    /// threshold. The spikes of the reset are constants.
    ///
    /// - Parameters:
    ///   - spikes: those that reset the neuron.
    ///   - spikeErrors: a_t = ∂L/∂S_t.
    ///   - potentialErrors: b_t.
    public func gradient(
        currents: [Double], spikes: [Int], spikeErrors: [Double], potentialErrors: [Double]
    ) -> (currents: [Double], decay: Double, threshold: Double) {
        let potentials = run(currents: currents, spikes: spikes).potentials
        var byCurrents = [Double](repeating: 0, count: currents.count)
        var (byDecay, byThreshold, following) = (0.0, 0.0, 0.0)
        for step in currents.indices.reversed() {
            let throughSpike = spikeErrors[step] * settings.surrogate.slope(potentials[step] - threshold)
            let total = following + throughSpike + potentialErrors[step]
            byCurrents[step] = total
            byThreshold -= throughSpike
            guard step > 0 else { break }
            switch settings.reset {
            case .subtract:
                byDecay += total * potentials[step - 1]
                byThreshold -= total * Double(spikes[step - 1])
                following = total * decay
            case .zero:
                let kept = Double(1 - spikes[step - 1])
                byDecay += total * potentials[step - 1] * kept
                following = total * decay * kept
            }
        }
        return (byCurrents, byDecay, byThreshold)
    }
}
