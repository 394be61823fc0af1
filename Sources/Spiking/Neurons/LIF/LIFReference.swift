import Compute

/// One leaky integrate-and-fire neuron in double precision, straight from its equations; what the kernels are tested
/// against.
///
/// As snnTorch's `Leaky`: U_t = β U_{t−1} + z_t − S_{t−1} θ where the reset subtracts, U_t = β U_{t−1} (1 − S_{t−1}) + z_t
/// where it is to zero; S_t = 1 where U_t > θ; U_0 = S_0 = 0.
struct LIFReference: ReferenceDynamics {
    /// β
    let decay: Double
    /// θ
    let threshold: Double
    let settings: LIFSettings
    /// Numbers of the parameters that are β and θ, if they are.
    private let decayParameter: Int?
    private let thresholdParameter: Int?

    init(_ model: LIF, parameters: [Double] = []) throws(NeuronError) {
        guard parameters.count == model.parameterCount, parameters.allSatisfy(\.isFinite) else {
            throw .input(
                place: "parameters",
                problem: "found \(parameters), expected \(model.parameterCount): "
                    + model.parameterGroups.map(\.name).joined(separator: ", "))
        }
        decayParameter = model.learnsDecay ? 0 : nil
        thresholdParameter = model.learnsThreshold ? (model.learnsDecay ? 1 : 0) : nil
        decay = decayParameter.map { parameters[$0] } ?? Double(model.decay)
        threshold = thresholdParameter.map { parameters[$0] } ?? Double(model.threshold)
        settings = model.settings
    }

    func steps(
        currents: [[Double]], spikes: [[Int]], variables: [ReferenceVariable]
    ) -> [ReferenceStep] { run(currents: currents, spikes: spikes, variables: variables) }

    func ownSpikes(currents: [[Double]]) -> [[Int]]? {
        run(currents: currents, spikes: nil, variables: []).map { [Int($0.firing[0].value)] }
    }

    /// - Parameter spikes: those that reset the neuron; nil for its own.
    private func run(
        currents: [[Double]], spikes given: [[Int]]?, variables: [ReferenceVariable]
    ) -> [ReferenceStep] {
        let still = [Double](repeating: 0, count: variables.count)
        var potential = Differentiated(value: 0, slopes: still)
        var spike = 0
        return currents.indices.map { step in
            let isZeroed = settings.reset == .zero && spike == 1
            let isLowered = settings.reset == .subtract && spike == 1
            let kept = isZeroed ? Differentiated(value: 0, slopes: still) : potential
            potential.value = decay * kept.value + currents[step][0] - (isLowered ? threshold : 0)
            for (index, variable) in variables.enumerated() {
                var slope = decay * kept.slopes[index]
                if variable == .current(step: step, channel: 0) { slope += 1 }
                if isParameter(variable, decayParameter) { slope += kept.value }
                if isLowered, isParameter(variable, thresholdParameter) { slope -= 1 }
                potential.slopes[index] = slope
            }
            let margin = potential.value - threshold
            let own = margin > 0 ? 1 : 0
            spike = given?[step][0] ?? own
            let surrogate = settings.surrogate.slope(margin)
            let slopes = zip(variables, potential.slopes).map {
                surrogate * ($1 - (isParameter($0, thresholdParameter) ? 1 : 0))
            }
            return ReferenceStep(
                probability: Differentiated(value: spike == own ? 1 : 0, slopes: still),
                firing: [Differentiated(value: Double(own), slopes: slopes)],
                smooth: [settings.surrogate.value(margin)], activity: [activity(potential, variables)],
                memory: [potential.value])
        }
    }

    /// u of the regulariser: the potential, or what of it is within 0…θ.
    private func activity(_ potential: Differentiated, _ variables: [ReferenceVariable]) -> Differentiated {
        guard settings.regularized == .clipped else { return potential }
        if potential.value > threshold {
            return Differentiated(
                value: threshold, slopes: variables.map { isParameter($0, thresholdParameter) ? 1 : 0 })
        }
        return potential.value > 0
            ? potential : Differentiated(value: 0, slopes: variables.map { _ in 0 })
    }

    private func isParameter(_ variable: ReferenceVariable, _ number: Int?) -> Bool {
        number.map { variable == .parameter($0) } ?? false
    }
}
