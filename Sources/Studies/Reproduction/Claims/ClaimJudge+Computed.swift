import Files
import Learning
import LocalLearning
import Neurons
import QuantumCircuits
import Reservoirs
import Runs
import Studies

extension ClaimJudge {
    /// Claims 4, 12 and 13: of small computations that take moments.
    func computed() throws -> [Claim] { [try passes(), try reservoir(), try clock()] }

    /// Shots of an update of two networks that differ in width, by what they are for.
    private func passes() throws -> Claim {
        let sizes = [2, 64]
        let rule = LocalRule()
        let costs = try sizes.map { count in
            var recipe = Recipe.local
            recipe.hiddenCounts = [count]
            let model = SQS(try Ansatz.exchange.circuit())
            let configuration = RunConfiguration(
                dataset: "usps-1v7", neuron: model, seed: 1, recipe: recipe)
            let trainer = try configuration.runTrainer(inputCount: 256, classCount: 2, threads: 1)
            let ledger = (trainer as? Trainer)?.costOfUpdate ?? ShotLedger()
            let runs = Double(recipe.batchSize * rule.passCount)
            let places = runs * Double((count + 2 * recipe.neuronsPerClass) * recipe.stepCount)
            return (
                // A circuit of all steps; spikes of the outputs are given.
                passes: Double(ledger.passes.shots) / runs / Double(count),
                synapses: Double(ledger.synapses.shots) / places,
                angles: Double(ledger.angles.shots) / places / Double(model.stepCircuit.parameterCount)
            )
        }
        let (few, many) = (costs[0], costs[1])
        return computed(
            "4",
            "The local rule takes a number of passes that does not grow with the parameters; shots of a neuron 2 M_p M_syn, and "
                + "2 M_p M_som an angle", "Algorithm 1",
            command: "sqsnn estimate --dataset usps-1v7 --recipe local --hidden 64",
            measurement: String(
                printf:
                    "with %ld and %ld hidden neurons, of an update: %g and %g shots a neuron and pass; of a step besides %g and %g for its "
                    + "synapses, %g and %g an angle (M_p = %ld, M_syn = %ld, M_som = %ld)", sizes[0],
                sizes[1],
                few.passes, many.passes, few.synapses, many.synapses, few.angles, many.angles, rule.shotCount,
                rule.synapsePerturbations, rule.somaRepetitions),
            [
                few.passes == 1 && many.passes == 1,
                few.synapses == many.synapses
                    && few.synapses == Double(2 * rule.shotCount * rule.synapsePerturbations),
                few.angles == many.angles && few.angles == Double(2 * rule.shotCount * rule.somaRepetitions),
            ])
    }

    /// NARMA-10, exactly read, beside what the present input alone gives.
    private func reservoir() throws -> Claim {
        let schedule = try ReservoirSchedule()
        let model = SQS(try Ansatz.exchange.circuit())
        let seeds = (1...5).map { UInt64($0) }
        let errors = MeanInterval(
            try seeds.map { seed in
                try NARMA.error(
                    of: Reservoir(model, neuronCount: 50, seed: seed), schedule: schedule, seed: seed)
            })
        let alone = MeanInterval(
            try seeds.map { try NARMA.errorOfInputs(count: 1, schedule: schedule, seed: $0) })
        return computed(
            "12", "With its circuits fixed the network is a reservoir", "discussion",
            command: "sqsnn reservoir narma exchange",
            measurement: String(
                printf:
                    "NARMA-10, 50 untrained neurons read exactly, 5 seeds: NRMSE %.3f (%.3f–%.3f), of the present input alone "
                    + "%.3f (%.3f–%.3f)", errors.mean, errors.low, errors.high, alone.mean, alone.low,
                alone.high),
            [errors.isBelow(alone, resolution: 0.05)])
    }

    /// Intervals between spikes of one memory qubit, beside classical neurons with finitely many hidden states.
    private func clock() throws -> Claim {
        let subjects: [ClockCell.Subject] = [.states(1), .states(8), .construction("exchange")]
        let study = ClockStudy(subjects: subjects, intervalCount: 20_000, seedCount: 3, isSmoke: true)
        var missed: [String: [Double]] = [:]
        for cell in study.campaign.cells {
            missed[cell.subject.name, default: []].append(try cell.result().heldOutMissed)
        }
        let intervals = subjects.map { MeanInterval(missed[$0.name] ?? []) }
        let quantum = intervals[2]
        return computed(
            "13", "Dynamics over time are richer than those of classical neurons with finitely many states",
            "discussion", command: "sqsnn study clock --scale smoke",
            measurement: zip(subjects, intervals).map { subject, interval in
                "\(subject.name) misses "
                    + String(
                        printf: "%.4f nats a spike (%.4f–%.4f)", interval.mean, interval.low, interval.high)
            }.joined(separator: "; "),
            intervals.dropLast().map { quantum.isBelow($0, resolution: 0.001) })
    }

    /// Claim 14, of the trainings of Fig. 2(c): QLIF beside the best, and beside SQSNN in time.
    func rivalClaims() -> [Claim] {
        let judged = results.comparison("fig2c").map { report -> (String, [Bool?]) in
            var texts: [String] = []
            var statements: [Bool?] = []
            for rows in Dictionary(grouping: report.rows, by: { [$0.dataset, $0.group ?? ""] }).sorted(by: {
                $0.key.lexicographicallyPrecedes($1.key)
            }) {
                guard let own = rows.value.first(where: { $0.model == "QLIF-SNN" })?.accuracy.mean,
                    let best = rows.value.compactMap(\.accuracy.mean).max()
                else { continue }
                texts.append(
                    rows.key.joined(separator: ", ")
                        + String(printf: ": %.1f points below the best", 100 * (best - own)))
                statements.append(best - own < 0.02)
            }
            return (
                texts.joined(separator: "; ") + "; robustness against noise is not tested", statements
            )
        }
        return [
            claim(
                "14", "QLIF networks are competitive on the three sets", "the QLIF paper", of: "fig2c", judged
            )
        ]
    }
}
