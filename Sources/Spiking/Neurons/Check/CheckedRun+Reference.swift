import Compute
import Glibc

extension CheckedRun {
    /// What the reference says, along the spikes of the engine.
    struct Expectation {
        let spikes: AlignedBuffer<UInt64>
        /// `[sample][neuron]`; with slopes, parameters then currents, of the neurons that are ``CheckedRun/differentiated``.
        let steps: [[[ReferenceStep]]]
        let isStochastic: Bool
        /// Where a current a little larger or smaller would decide otherwise, so that rounding may.
        let undecided: Set<Place>

        /// Surrogates to compare, each with the regulariser or without.
        var variants: [(surrogate: SurrogateKind, isPriced: Bool)] {
            let surrogates: [SurrogateKind] =
                isStochastic
                ? [.straightThrough, .bernoulliVariance, .sigmoidDerivative] : [.straightThrough]
            return [false, true].flatMap { isPriced in
                surrogates.map { (surrogate: $0, isPriced: isPriced) }
            }
        }
    }

    struct Gradient {
        let neuron: Int
        var parameters: [Double]
        /// `[sample][step][current]`
        var currents: [[[Double]]] = []
    }

    /// Derivatives cost the reference a run each: neurons at the ends of the registers of 16 and of the tiles will do.
    var differentiated: [Int] {
        Set([0, 15, 16, 63, 64, neuronCount - 1]).filter { $0 < neuronCount }.sorted()
    }

    private var variables: [ReferenceVariable] {
        (0..<population.parameterCount).map { .parameter($0) }
            + (0..<stepCount).flatMap { step in
                (0..<currentCount).map { .current(step: step, channel: $0) }
            }
    }

    func expectation(along words: AlignedBuffer<UInt64>) throws -> Expectation {
        let isStochastic =
            try model.reference(parameters[0]).ownSpikes(currents: currents[0][0]) == nil
        let (differentiated, variables) = (Set(differentiated), variables)
        var undecided: Set<Place> = []
        let steps = try (0..<sampleCount).map { sample in
            try (0..<neuronCount).map { neuron in
                let reference = try model.reference(parameters[neuron])
                let spikes = spikes(words, sample, neuron)
                let steps = try reference.steps(
                    currents: currents[sample][neuron], spikes: spikes,
                    variables: differentiated.contains(neuron) ? variables : [])
                for step in 0..<stepCount
                where !isStochastic && steps[step].firing.map({ Int($0.value) }) != spikes[step] {
                    let nudged = try [-1e-4, 1e-4].contains { nudge in
                        var currents = currents[sample][neuron]
                        currents[step] = currents[step].map { $0 + nudge }
                        return try reference.steps(currents: currents, spikes: spikes, variables: [])[step]
                            .firing.map { Int($0.value) } == spikes[step]
                    }
                    if nudged { undecided.insert(Place(sample, neuron, step)) }
                }
                return steps
            }
        }
        return Expectation(
            spikes: words, steps: steps, isStochastic: isStochastic, undecided: undecided)
    }

    /// Σ u and Σ u² over the neurons and channels of each tile, `[tile][row][2]`.
    func activitySums(_ steps: [[[ReferenceStep]]]) -> [Double] {
        var sums = [Double](repeating: 0, count: 2 * population.tileCount * rowCount)
        forEachNeuron { sample, neuron in
            for (step, found) in steps[sample][neuron].enumerated() {
                let row = neuron / tileWidth * rowCount + sample * stepCount + step
                for activity in found.activity {
                    sums[2 * row] += activity.value
                    sums[2 * row + 1] += activity.value * activity.value
                }
            }
        }
        return sums
    }

    /// Differences of a neuron's smooth answers to the first sample, with the reference's slopes; currents of 0 are moved away,
    /// where many neurons have a kink.
    func differences(_ neuron: Int, along words: AlignedBuffer<UInt64>) throws -> GradientCheck {
        let spikes = spikes(words, 0, neuron)
        let point =
            parameters[neuron] + currents[0][neuron].joined().map { abs($0) < 0.02 ? 0.02 : $0 }
        func steps(_ point: [Double], _ variables: [ReferenceVariable]) throws -> [ReferenceStep] {
            let (parameters, flat) = (
                Array(point.prefix(population.parameterCount)),
                Array(point.dropFirst(population.parameterCount))
            )
            return try model.reference(parameters).steps(
                currents: (0..<stepCount).map { Array(flat[$0 * currentCount..<($0 + 1) * currentCount]) },
                spikes: spikes, variables: variables)
        }
        // Weights of any kind, other ones at each step and channel.
        func sum(_ steps: [ReferenceStep], _ terms: (ReferenceStep, Int) -> (Double, Double, Double))
            -> Double
        {
            steps.enumerated().reduce(0) { sum, entry in
                (0..<channelCount).reduce(sum) { sum, channel in
                    let (smooth, activity, probability) = terms(entry.element, channel)
                    let phase = Double(1 + entry.offset * channelCount + channel)
                    return sum + sin(phase) * smooth + cos(2 * phase) * activity + cos(3 * phase)
                        * probability
                }
            }
        }
        let isStochastic =
            try model.reference(parameters[neuron]).ownSpikes(currents: currents[0][neuron]) == nil
        let found = try steps(point, variables)
        let gradient = variables.indices.map { variable in
            sum(found) { step, channel in
                (
                    step.firing[channel].slopes[variable], step.activity[channel].slopes[variable],
                    isStochastic ? step.probability.slopes[variable] : 0
                )
            }
        }
        return try gradientCheck(
            function: { point in
                sum(try steps(point, [])) { step, channel in
                    (
                        step.smooth[channel], step.activity[channel].value,
                        isStochastic ? step.probability.value : 0
                    )
                }
            }, at: point, gradient: gradient, tolerance: 1e-6, step: 1e-4)
    }
}

extension CheckedRun.Expectation {
    /// The chain rule: ∂L/∂u = ∂L/∂s ∂s/∂u + A − B u, then the reference.
    ///
    /// - Returns: one for each neuron that is ``CheckedRun/differentiated``.
    func gradient(_ run: CheckedRun, _ surrogate: SurrogateKind, isPriced: Bool) -> [CheckedRun.Gradient] {
        run.differentiated.map { neuron in
            let parameterCount = run.population.parameterCount
            var gradient = CheckedRun.Gradient(
                neuron: neuron, parameters: [Double](repeating: 0, count: parameterCount))
            for sample in 0..<run.sampleCount {
                var slopes = [Double](
                    repeating: 0, count: parameterCount + run.stepCount * run.currentCount)
                for (step, found) in steps[sample][neuron].enumerated() {
                    let row = sample * run.stepCount + step
                    for channel in 0..<run.channelCount {
                        let (firing, activity) = (found.firing[channel], found.activity[channel])
                        let error =
                            run.errors[sample][neuron][step][channel]
                            * (isStochastic ? surrogate.slope(firing.value) : 1)
                        let price =
                            isPriced
                            ? run.factors[2 * row] - run.factors[2 * row + 1] * activity.value : 0
                        for index in slopes.indices {
                            slopes[index] += error * firing.slopes[index] + price * activity.slopes[index]
                        }
                    }
                }
                for index in 0..<parameterCount { gradient.parameters[index] += slopes[index] }
                let ofCurrents = Array(slopes.dropFirst(parameterCount))
                gradient.currents.append(
                    (0..<run.stepCount).map {
                        Array(ofCurrents[$0 * run.currentCount..<($0 + 1) * run.currentCount])
                    })
            }
            return gradient
        }
    }
}

extension SurrogateKind {
    /// ∂s/∂p at p.
    fileprivate func slope(_ firing: Double) -> Double {
        switch self {
        case .straightThrough: 1
        case .bernoulliVariance: firing * (1 - firing)
        case .sigmoidDerivative: exp(-firing) / ((1 + exp(-firing)) * (1 + exp(-firing)))
        case .recordedPattern: preconditionFailure("not a surrogate")
        }
    }
}
