import SQSNN

/// One neuron in double precision, straight from the equations, with its derivatives.
struct AdaptiveReference: ReferenceDynamics {
    let membraneDecay: Double
    let adaptationDecay: Double
    let threshold: Double
    let strength: Double

    func steps(currents: [[Double]], spikes: [[Int]], variables: [ReferenceVariable]) -> [ReferenceStep] {
        run(currents, spikes, variables)
    }

    func ownSpikes(currents: [[Double]]) -> [[Int]]? {
        run(currents, nil, []).map { [Int($0.firing[0].value)] }
    }

    /// - Parameter given: spikes that reset the neuron; nil for its own. No derivative runs through them.
    private func run(
        _ currents: [[Double]], _ given: [[Int]]?, _ variables: [ReferenceVariable]
    ) -> [ReferenceStep] {
        let still = [Double](repeating: 0, count: variables.count)
        var (potential, adaptation) = (
            Differentiated(value: 0, slopes: still), Differentiated(value: 0, slopes: still)
        )
        return currents.indices.map { step in
            for (index, variable) in variables.enumerated() {
                potential.slopes[index] *= membraneDecay
                adaptation.slopes[index] *= adaptationDecay
                switch variable {
                case .parameter(0): potential.slopes[index] += potential.value
                case .parameter: adaptation.slopes[index] += adaptation.value
                case .current(step, _): potential.slopes[index] += 1
                case .current: break
                }
            }
            potential.value = membraneDecay * potential.value + currents[step][0]
            adaptation.value = adaptationDecay * adaptation.value
            let activity = potential
            let margin = potential.value - threshold - strength * adaptation.value
            let own = margin > 0 ? 1 : 0
            let slope = AdaptiveNeuron.surrogate.slope(margin)
            let firing = Differentiated(
                value: Double(own),
                slopes: zip(potential.slopes, adaptation.slopes).map { slope * ($0 - strength * $1) })
            let spike = given?[step][0] ?? own
            potential.value -= threshold * Double(spike)
            adaptation.value += Double(spike)
            return ReferenceStep(
                probability: Differentiated(value: spike == own ? 1 : 0, slopes: still), firing: [firing],
                smooth: [AdaptiveNeuron.surrogate.value(margin)], activity: [activity],
                memory: [potential.value, adaptation.value])
        }
    }
}
