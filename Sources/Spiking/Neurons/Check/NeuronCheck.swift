import Compute

/// What came of comparing a neuron model's engine with its reference, and the reference's derivatives with differences: of each
/// quantity the place where it is farthest from what is expected.
///
/// The check that every model of this library passes, and that a model of a program's own should:
///
/// | quantity | is compared with |
/// |---|---|
/// | `firing`, `activity sums`, `memory`, `likelihood` | those of ``NeuronModel/reference(_:)`` along the engine's spikes |
/// | `spikes` | of neurons without chance `firing`, exactly; `spike count` with its expectation, by seven standard deviations |
/// | `spikes in windows` | those of all steps at once |
/// | `gradient of currents`, `gradient of parameters` | the chain rule through the reference's derivatives |
/// | `lanes past the last neuron` | silence, and no error |
/// | `slopes of the reference` | central differences of ``ReferenceStep/smooth`` and `activity`, the spikes being held |
///
/// Everything is run as a whole and in windows of three steps, between which the memory is carried.
public struct NeuronCheck: Sendable, CustomStringConvertible {
    /// The worst place of a quantity.
    public struct Comparison: Sendable, CustomStringConvertible {
        public let quantity: String
        /// As in `neuron 3, sample 0, step 5`.
        public let place: String
        public let found: Double
        public let expected: Double
        /// |found − expected|, in units of `scale`.
        public let error: Double
        public let tolerance: Double

        public var passed: Bool { error <= tolerance }

        public var description: String {
            "\(quantity): \(passed ? "agree" : "differ"), at worst at \(place): found \(found), expected \(expected), "
                + "error \(error), tolerance \(tolerance)"
        }
    }

    /// One for each quantity that the model has.
    public private(set) var comparisons: [Comparison] = []

    public var passed: Bool { comparisons.allSatisfy(\.passed) }
    /// What failed.
    public var failures: [Comparison] { comparisons.filter { !$0.passed } }
    public var description: String { comparisons.map(\.description).joined(separator: "\n") }

    /// Checks a model on random parameters and currents.
    ///
    /// Parameters are drawn about where training begins: a normal group with a deviation of at least 1, a constant one between
    /// half of its value and a tenth more, within its bounds. A tenth of the currents is 0.
    ///
    /// - Parameters:
    ///   - neuronCount: of the population; more than 64 take several tiles. The default leaves lanes free.
    ///   - currents: where currents are drawn from.
    ///   - tolerance: of what the engine gives forward, relative to the larger of 1 and what is expected.
    ///   - gradientTolerance: of gradients and memory, relative to the largest of a neuron's.
    /// - Throws: what the model throws: ``NeuronModel/check(neuronCount:)``, ``NeuronModel/reference(_:)`` and its steps.
    public init(
        of model: any NeuronModel, neuronCount: Int = 20, sampleCount: Int = 3, stepCount: Int = 8,
        currents: ClosedRange<Float> = -0.5...1.2, seed: UInt64 = 1,
        instructionSet: InstructionSet = .current, tolerance: Double = 1e-5, gradientTolerance: Double = 1e-4
    ) throws {
        precondition(
            neuronCount > 0 && sampleCount > 0 && stepCount > 0, "something is run")
        try model.check(neuronCount: neuronCount)
        let run = try CheckedRun(
            model, neuronCount: neuronCount, sampleCount: sampleCount, stepCount: stepCount, range: currents,
            seed: seed)
        var expected: CheckedRun.Expectation?
        for windowLength in [stepCount, min(3, stepCount)] {
            let found = run.forward(windowLength: windowLength, instructionSet)
            if let whole = expected?.spikes {
                let differing = zip(found.spikes.array, whole.array).count { $0 != $1 }
                compare("spikes in windows", "windows of \(windowLength)", Double(differing), 0, 0)
                // Along other spikes nothing else is comparable.
                if differing > 0 { break }
            }
            let wanted = try expected ?? run.expectation(along: found.spikes)
            expected = wanted
            compareForward(run, found, wanted, tolerance, gradientTolerance)
            for (surrogate, isPriced) in wanted.variants {
                compareGradient(
                    run, run.backward(found, surrogate, isPriced: isPriced),
                    wanted.gradient(run, surrogate, isPriced: isPriced), gradientTolerance)
            }
        }
        for neuron in run.differentiated.prefix(2) {
            guard let spikes = expected?.spikes else { break }
            let check = try run.differences(neuron, along: spikes)
            compare(
                "slopes of the reference",
                "neuron \(neuron), variable \(check.index) (parameters, then currents)", check.given,
                check.slope, check.tolerance)
        }
    }

    /// Keeps the worst of each quantity; nothing is worse than NaN.
    private mutating func compare(
        _ quantity: String, _ place: @autoclosure () -> String, _ found: Double, _ expected: Double,
        _ tolerance: Double, scale: Double? = nil
    ) {
        let error = abs(found - expected) / max(1, scale ?? abs(expected))
        let index = comparisons.firstIndex { $0.quantity == quantity }
        if let index, !(error.isNaN || error > comparisons[index].error) { return }
        let comparison = Comparison(
            quantity: quantity, place: place(), found: found, expected: expected, error: error,
            tolerance: tolerance)
        if let index { comparisons[index] = comparison } else { comparisons.append(comparison) }
    }

    private mutating func compareForward(
        _ run: CheckedRun, _ found: CheckedRun.Forward, _ wanted: CheckedRun.Expectation, _ tolerance: Double,
        _ memoryTolerance: Double
    ) {
        var (surplus, variance) = (0.0, 0.0)
        run.forEachNeuron { sample, neuron in
            let steps = wanted.steps[sample][neuron]
            for (step, expected) in steps.enumerated() {
                func place(_ part: String = "") -> String {
                    "neuron \(neuron), sample \(sample), step \(step)\(part)"
                }
                for channel in 0..<run.channelCount {
                    let firing = run.value(found.firing, sample, neuron, step, channel, of: run.channelCount)
                    let spike = Double(run.spikes(found.spikes, sample, neuron)[step][channel])
                    let isOpen = wanted.undecided.contains(CheckedRun.Place(sample, neuron, step))
                    compare(
                        "firing", place(), firing, isOpen ? spike : expected.firing[channel].value, tolerance)
                    if !wanted.isStochastic { compare("spikes", place(), spike, firing, 0) }
                    surplus += spike - firing
                    variance += firing * (1 - firing)
                }
                if let likelihood = found.likelihood {
                    compare(
                        "likelihood", place(), run.value(likelihood, sample, neuron, step, 0, of: 1),
                        expected.probability.value, tolerance)
                }
                guard let memory = found.memory[CheckedRun.Place(sample, neuron, step)] else { continue }
                compare(
                    "memory", place(", number of quantities"), Double(memory.count),
                    Double(run.model.memoryNames.count), 0)
                for (name, values) in zip(run.model.memoryNames, zip(memory, expected.memory)) {
                    compare("memory", place(", \(name)"), Double(values.0), values.1, memoryTolerance)
                }
            }
        }
        if wanted.isStochastic {
            compare(
                "spike count", "all neurons, in standard deviations above what is expected",
                surplus / max(variance, 1e-9).squareRoot(), 0, 7, scale: 1)
        }
        for (index, expected) in run.activitySums(wanted.steps).enumerated() {
            let lanes = found.activitySums.view.part(index, size: 16)
            let place = "row \(index / 2), \(index % 2 == 0 ? "Σ u" : "Σ u²")"
            compare(
                "activity sums", place, lanes.array.reduce(0) { $0 + Double($1) }, expected, tolerance)
        }
        let strays = run.strays(found.spikes)
        compare("lanes past the last neuron", "spikes", Double(strays), 0, 0)
    }

    private mutating func compareGradient(
        _ run: CheckedRun, _ found: CheckedRun.Backward, _ wanted: [CheckedRun.Gradient], _ tolerance: Double
    ) {
        for gradient in wanted {
            let place = "neuron \(gradient.neuron)"
            let scale = gradient.parameters.map(\.magnitude).max() ?? 0
            for (parameter, expected) in gradient.parameters.enumerated() {
                compare(
                    "gradient of parameters", "\(place), parameter \(parameter)",
                    run.parameterGradient(found, gradient.neuron, parameter), expected, tolerance,
                    scale: scale)
            }
            for (sample, currents) in gradient.currents.enumerated() {
                let scale = currents.joined().map(\.magnitude).max() ?? 0
                for (step, values) in currents.enumerated() {
                    for (current, expected) in values.enumerated() {
                        compare(
                            "gradient of currents",
                            "\(place), sample \(sample), step \(step), current \(current)",
                            run.value(
                                found.errors, sample, gradient.neuron, step, current, of: run.currentCount),
                            expected, tolerance, scale: scale)
                    }
                }
            }
        }
        compare("lanes past the last neuron", "gradient of currents", run.stray(found.errors), 0, 0)
    }
}
