import DeviceNoise
import Learning
import LocalLearning
import QuantumCircuits
import QuantumBackends
import SpikeDatasets
import Networks
import Neurons

/// What a run of the local rule will cost, before it is begun.
public struct LocalEstimate: Sendable, Encodable {
    /// Circuits and shots of one full batch, and of the whole run.
    public var iteration: ShotLedger
    public var run: ShotLedger
    public var iterations: Int
    /// One for each population, and each length that its circuit is folded to.
    public var circuits: [CircuitOfPopulation]
    /// Seconds of the device for one iteration and the whole run: shots, without compilation, queues and transfers. nil for
    /// estimators that no device can run.
    public var iterationSeconds: Double?
    public var runSeconds: Double?

    public struct CircuitOfPopulation: Sendable, Encodable {
        public var population: String
        public var steps: Int
        /// Factor on the length of the neuron's own circuit.
        public var fold: Int
        public var cost: CircuitCost
    }

    enum CodingKeys: String, CodingKey {
        case iteration, run, iterations, circuits
        case iterationSeconds = "iteration_s"
        case runSeconds = "run_s"
    }
}

extension RunConfiguration {
    /// What the whole run costs by the local rule, counted without making the network.
    ///
    /// - Parameters:
    ///   - dataset: training images.
    ///   - device: whose durations of gates and measurements are taken.
    ///   - shotOverhead: µs that a device waits between two shots.
    /// - Returns: nil for surrogate gradients.
    /// - Throws: `CircuitError` or `BackendError` for circuits that cannot be folded or run, ``RunError/shots`` for more
    ///   of them than can be counted.
    public func estimate(
        for dataset: LabelledDataset, on device: NoiseParameters, shotOverhead: Double
    ) throws -> LocalEstimate? {
        let (graph, recipe) = try plan(inputCount: dataset.inputCount, classCount: dataset.classCount)
        guard let rule = recipe.local, let counts = recipe.localCounts(graph, threadCount: 1) else {
            return nil
        }
        let (full, rest) = dataset.count.quotientAndRemainder(dividingBy: recipe.batchSize)
        let batch = counts.ledger(sampleCount: min(recipe.batchSize, dataset.count))
        var epoch = batch * full
        if rest > 0 { epoch += counts.ledger(sampleCount: rest) }
        let run = epoch * recipe.epochCount
        guard run.total.shots < Int.max else { throw RunError.shots }
        var circuits: [LocalEstimate.CircuitOfPopulation] = []
        // Mean duration of a shot, over the populations by their neurons.
        var (ofProbes, ofPasses, neurons, hidden) = (0.0, 0.0, 0.0, 0.0)
        for (index, node) in graph.nodes.enumerated() {
            guard let circuit = node.model.circuit else { continue }
            let steps = rule.estimator == .memoryless ? 1 : recipe.stepCount
            let costs = try rule.mitigation.folds.map { fold in
                let cost = CircuitCost(
                    try NeuronCircuit(circuit.folded(about: fold).circuit, stepCount: steps), on: device)
                circuits.append(.init(population: node.name, steps: steps, fold: fold, cost: cost))
                return cost
            }
            let count = Double(node.neuronCount)
            let durations = costs.map { ($0.shotDuration ?? 0) + shotOverhead }
            ofProbes += count * durations.reduce(0, +) / Double(durations.count)
            neurons += count
            guard index != graph.outputIndex else { continue }
            let pass = CircuitCost(try NeuronCircuit(circuit, stepCount: recipe.stepCount), on: device)
            ofPasses += count * ((pass.shotDuration ?? 0) + shotOverhead)
            hidden += count
        }
        let isPossible = rule.estimator == .postselected || rule.estimator == .memoryless
        func seconds(_ ledger: ShotLedger) -> Double? {
            guard isPossible else { return nil }
            let probes = Double(ledger.total.shots - ledger.passes.shots) * ofProbes / max(neurons, 1)
            return (probes + Double(ledger.passes.shots) * ofPasses / max(hidden, 1)) * 1e-6
        }
        return LocalEstimate(
            iteration: batch, run: run,
            iterations: recipe.epochCount * (full + (rest > 0 ? 1 : 0)), circuits: circuits,
            iterationSeconds: seconds(batch), runSeconds: seconds(run))
    }
}
