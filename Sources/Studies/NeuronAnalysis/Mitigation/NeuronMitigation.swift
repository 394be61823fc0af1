import DeviceNoise
import Neurons
import ErrorMitigation
import Compute
import QuantumCircuits

/// Zero-noise extrapolation of a neuron on a noisy device, from the circuit to the estimate.
///
/// At each scale factor the circuit of every step is folded and the neuron run on the case's forced spikes; measurement, reset and
/// the embedding, a single gate, stay as they are. From the probabilities read at each step, with readout errors undone
/// if wanted, each firing probability and the log-likelihood are extrapolated to scale 0 by every model, over the factors that the
/// folded circuits reach: of five gates none can be folded to 1.5 times the noise.
///
/// The values are exact, and error bars then come from the residuals of the fits, or they are frequencies over a number of shots, drawn
/// given the forced spikes of the steps before, and error bars are those of the shots.
public struct NeuronMitigation: Sendable {
    public let folding: UnitaryFolding
    public let scaleFactors: [Double]
    public let models: [ZeroNoiseExtrapolation.Model]
    /// Whether the inverse confusion matrix is applied to what is read at each step.
    public let undoesReadout: Bool
    /// Shots for each step and scale factor; nil for exact probabilities.
    public let shots: Int?
    /// Of the random folding, and of the shots.
    public let seed: UInt64

    public static let shotCounts = 1...1_000_000_000

    /// - Throws: `NeuronError/analysis(problem:)` for fewer than two scale factors, one below 1 or repeated, or shots out of
    ///   range.
    public init(
        folding: UnitaryFolding = .global, scaleFactors: [Double] = [1, 3, 5],
        models: [ZeroNoiseExtrapolation.Model], undoesReadout: Bool = false, shots: Int? = nil,
        seed: UInt64 = 0
    ) throws {
        let range = 1...UnitaryFolding.maximumScale
        guard scaleFactors.count >= 2, Set(scaleFactors).count == scaleFactors.count,
            scaleFactors.allSatisfy(range.contains)
        else {
            throw NeuronError.analysis(
                problem:
                    "found scale factors \(scaleFactors), expected at least two different ones from 1 to "
                    + "\(UnitaryFolding.maximumScale)")
        }
        if let shots, !Self.shotCounts.contains(shots) {
            throw NeuronError.analysis(
                problem: "found \(shots) shots, expected 1 to \(Self.shotCounts.upperBound)")
        }
        self.folding = folding
        self.scaleFactors = scaleFactors
        self.models = models
        self.undoesReadout = undoesReadout
        self.shots = shots
        self.seed = seed
    }

    /// Runs one case at every scale factor and extrapolates.
    ///
    /// - Parameter number: of the case, part of the address of its random numbers.
    /// - Throws: `NeuronError`, also where two scale factors fold the circuit alike; `CircuitError`, `NoiseError`, `ReadoutMitigationError` or `ExtrapolationError`.
    public func report(for entry: NeuronTrace.Case, number: Int = 0) throws -> MitigationReport {
        guard let noise = entry.noise else {
            throw NeuronError.input(
                place: "noise",
                problem: "found none, expected the noise of a device: there is nothing to extrapolate")
        }
        let circuit = try entry.circuit()
        let readout = try ReadoutMitigation((0..<circuit.ioQubits).map { noise.readout(channel: $0) })
        var runs: [[StepEstimate]] = []
        var gateCounts: [Int] = []
        var reached: [Double] = []
        for (index, scale) in scaleFactors.enumerated() {
            let random = RandomStream(seed: seed, purpose: .analysis, epoch: index)
            var generator = random.generator(sample: number)
            let folded = try folding.folded(circuit, scale: scale, using: &generator)
            let factor = UnitaryFolding.factor(of: folded, from: circuit)
            guard factor.isFinite, !reached.contains(factor) else {
                throw refusal(circuit, scale: scale, reached: reached, factor: factor)
            }
            reached.append(factor)
            let neuron = try ReferenceNeuron(SQS(folded, noise: noise), parameters: entry.angles)
            let patterns = try neuron.run(currents: entry.currents, spikes: entry.spikes).patternProbability
            gateCounts.append(folded.gates.count)
            runs.append(
                patterns.map {
                    StepEstimate(
                        exact: $0, shots: shots, readout: undoesReadout ? readout : nil,
                        channels: circuit.ioQubits, using: &generator)
                })
        }
        let ideal = try ReferenceNeuron(SQS(circuit), parameters: entry.angles)
            .run(currents: entry.currents, spikes: entry.spikes)
        return MitigationReport(
            circuit: circuit.name, folding: folding, scaleFactors: scaleFactors, reachedScaleFactors: reached,
            gateCounts: gateCounts,
            errorBars: shots == nil ? .residuals : .shots,
            firing: try entry.currents.indices.map { step in
                try (0..<circuit.ioQubits).map { channel in
                    try quantity(
                        ideal.firingProbability[step][channel], runs.map { $0[step].firing(channel) }, reached
                    )
                }
            },
            logLikelihood: try logLikelihood(ideal.logLikelihood, runs, reached, spikes: entry.spikes))
    }

    private func refusal(
        _ circuit: Circuit, scale: Double, reached: [Double], factor: Double
    ) -> NeuronError {
        guard let place = reached.firstIndex(of: factor) else {
            return .analysis(problem: "circuit '\(circuit.name)' has no gates to fold")
        }
        return .analysis(
            problem: "scale factors \(scaleFactors[place]) and \(scale): '\(folding.rawValue)' folds circuit "
                + "'\(circuit.name)' of \(circuit.gates.count) gates to \(factor) times its noise for both; choose "
                + (folding == .all ? "odd factors" : "factors further apart"))
    }

    private func quantity(
        _ ideal: Double, _ estimates: [StepEstimate.Value], _ reached: [Double]
    ) throws -> MitigationReport.Quantity {
        let extrapolation = try ZeroNoiseExtrapolation(
            scaleFactors: reached, values: estimates.map(\.value),
            standardErrors: shots == nil ? nil : estimates.map(\.standardError))
        return MitigationReport.Quantity(
            ideal: ideal, result: ExtrapolationFile.CaseResult(extrapolation, models))
    }

    /// Nil where a probability estimated is not positive, so that it has no logarithm.
    private func logLikelihood(
        _ ideal: Double, _ runs: [[StepEstimate]], _ reached: [Double], spikes: [[Int]]
    ) throws -> MitigationReport.Quantity? {
        let sums = runs.map { steps in
            zip(steps, spikes).reduce(into: StepEstimate.Value(value: 0, standardError: 0)) { sum, step in
                let logarithm = step.0.probability(of: Instrument.pattern(step.1)).logarithm
                sum.value += logarithm.value
                sum.standardError = sum.standardError.hypotenuse(logarithm.standardError)
            }
        }
        guard sums.allSatisfy(\.value.isFinite) else { return nil }
        return try quantity(ideal, sums, reached)
    }
}
