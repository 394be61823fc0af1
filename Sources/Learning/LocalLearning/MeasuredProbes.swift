import Compute
import QuantumCircuits
import QuantumBackends
import Synchronization
import Neurons

/// Runs circuits somewhere and says what came out, counts `[task][set]`: a backend, with a journal or without.
///
/// The name tells the batch apart from all others of a training run.
package typealias CircuitRunner = (_ name: String, _ tasks: [CircuitTask]) throws -> [[SpikeCounts]]

/// Counts of a population's probes from a backend.
struct MeasuredProbes: Sendable {
    /// At each scale of the noise.
    let together: [MeasuredPlan]
    let single: [MeasuredPlan]
}

/// Counts of all circuits of one plan, of all neurons and runs.
struct MeasuredPlan: Sendable {
    /// `[neuron][probe][run]`
    let counts: [SpikeCounts]
    let activity: LocalActivity
    let runCount: Int

    static func index(neuron: Int, probe: Int, run: Int, probeCount: Int, runCount: Int) -> Int {
        (neuron * probeCount + probe) * runCount + run
    }

    /// How many shots gave the neurons' own spikes up to each step, in the layout of a share.
    func count(_ share: ProbeShare, to target: MutableBufferView<Float>) {
        for neuron in share.neurons {
            for run in share.runs {
                let own = activity.history(
                    neuron, firstRow: run * share.runLength, stepCount: share.runLength)
                for probe in share.plan.probes.indices {
                    let set = Self.index(
                        neuron: neuron, probe: probe, run: run, probeCount: share.plan.probes.count,
                        runCount: runCount)
                    for step in 0..<share.runLength {
                        let row = (run - share.runs.lowerBound) * share.runLength + step
                        target[share.index(neuron: neuron, probe: probe, row: row)] = Float(
                            counts[set].count(startingWith: own.prefix(step + 1)))
                    }
                }
            }
        }
    }
}

extension LocalActivity {
    /// The neuron's own spikes in some rows.
    func history(_ neuron: Int, firstRow: Int, stepCount: Int) -> SpikeHistory {
        SpikeHistory(
            patterns: (firstRow..<firstRow + stepCount).map { row in
                (0..<channelCount).reduce(0) {
                    $0 << 1 | (hasFired(neuron, channel: $1, row: row) ? 1 : 0)
                }
            }, channelCount: channelCount)
    }
}

extension PopulationProbes {
    /// The circuits of all probes, one task for each plan and scale of the noise: those of ``together``, then of ``single``.
    ///
    /// - Throws: `BackendError` for circuits that no device can run.
    func tasks(_ activity: LocalActivity, _ batch: LocalBatch, _ population: Population) throws
        -> [CircuitTask]
    {
        try (together + single).enumerated().map { index, probes in
            let fold = rule.mitigation.folds[index % rule.mitigation.folds.count]
            let circuit = try population.model.separatingAngles(fold: fold).model.circuitOfDevice()
            let sets = try parameterSets(probes.plan, activity, batch, population)
            return try CircuitTask(
                NeuronCircuit(circuit, stepCount: runLength), parameterSets: sets, shots: rule.shotCount)
        }
    }

    private func parameterSets(
        _ plan: ProbePlan, _ activity: LocalActivity, _ batch: LocalBatch, _ population: Population
    ) throws -> [[Double]] {
        let runCount = batch.rowCount / runLength
        let uses = population.model.angleUses
        let count = plan.probes.count
        let sets = Mutex([[Double]](repeating: [], count: neuronCount * count * runCount))
        let (runLength, neuronCount) = (runLength, neuronCount)
        _ = forEachShare(plan, activity, batch, Parallelism(threadCount: 1)) { share, _ in
            for neuron in share.neurons where neuron < neuronCount {
                let angles = population[parameters: neuron].map { Double($0) }
                for (probe, moved) in plan.probes.enumerated() {
                    let turned = zip(uses, moved.shifts).map { $0.scale * angles[$0.parameter] + $1 }
                    for run in share.runs {
                        let rows = (run - share.runs.lowerBound) * runLength
                        let rotations = (rows..<rows + runLength).flatMap { row in
                            (0..<share.channelCount).map { channel in
                                max(
                                    0,
                                    .pi
                                        * Double(
                                            share.current(
                                                neuron: neuron, probe: probe, channel: channel, row: row))
                                )
                            }
                        }
                        let index = MeasuredPlan.index(
                            neuron: neuron, probe: probe, run: run, probeCount: count,
                            runCount: runCount)
                        sets.withLock { $0[index] = turned + rotations }
                    }
                }
            }
            return ShotLedger()
        }
        return sets.withLock { $0 }
    }

    /// Counts of ``tasks(_:_:_:)``, in their order.
    func measured(_ counts: [[SpikeCounts]], _ activity: LocalActivity, _ batch: LocalBatch) -> MeasuredProbes
    {
        let plans = counts.map {
            MeasuredPlan(counts: $0, activity: activity, runCount: batch.rowCount / runLength)
        }
        return MeasuredProbes(
            together: Array(plans.prefix(together.count)), single: Array(plans.dropFirst(together.count)))
    }
}

extension NeuronModel {
    /// What a device runs for the neuron; its own noise, or nothing of it, is the device's affair.
    ///
    /// - Throws: `BackendError` where it has no circuit.
    func circuitOfDevice() throws -> Circuit {
        guard let circuit else {
            throw BackendError.task(place: "neurons", problem: "\(kind) is classical and has no circuit")
        }
        return circuit
    }
}
