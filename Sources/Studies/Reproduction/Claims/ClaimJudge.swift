import Files
import Glibc
import Learning
import NeuronAnalysis
import QuantumCircuits

/// Judges the claims of arXiv:2506.21324, and findings of our own, by what a reproduction measured and by what can be computed.
///
/// Verdicts follow from numbers by the rules that stand here; nothing is typed.
public struct ClaimJudge: Sendable {
    let results: ReproductionResults

    public init(_ results: ReproductionResults) { self.results = results }

    /// All claims in the order of their numbers.
    public func claims() throws -> [Claim] {
        let claims =
            try memory() + authorsSimulator() + computed() + bound() + shotsAndOperations() + curves()
            + rivals() + rivalClaims() + controls() + sparsity()
        func key(_ claim: Claim) -> (Int, String) {
            (Int(claim.number.prefix { $0.isNumber }) ?? 0, claim.number)
        }
        return claims.sorted { key($0) < key($1) }
    }

    /// A claim whose verdict follows from a part; "not run" where that is not there.
    ///
    /// - Parameter isExact: whether any training shows it, however short. Others are not decided by a look.
    func claim(
        _ number: String, _ statement: String, _ source: String, of part: String, isExact: Bool = false,
        _ judged: (measurement: String, statements: [Bool?])?
    ) -> Claim {
        let results = results.having(part)
        let isLook = results.plan.scale == .smoke && !isExact
        return Claim(
            number: number, statement: statement, source: source,
            measurement: judged?.measurement ?? "nothing yet",
            verdict: judged.map { isLook ? .undecided : Claim.Verdict($0.statements) } ?? .notRun,
            command: results.call(part), scale: judged == nil ? nil : results.plan.scale.rawValue,
            seconds: judged == nil ? nil : results.seconds(part))
    }

    // MARK: By computation

    /// A claim that is computed, the same at every scale.
    func computed(
        _ number: String, _ statement: String, _ source: String, command: String, measurement: String,
        _ statements: [Bool?]
    ) -> Claim {
        Claim(
            number: number, statement: statement, source: source, measurement: measurement,
            verdict: Claim.Verdict(statements), command: command, scale: nil)
    }

    /// Claim 1, and what circuits remember as they are printed.
    private func memory() throws -> [Claim] {
        let analysis = try MemoryAnalysis(stepCount: 4, drawCount: 200, seed: 0)
        let reports = try Ansatz.catalogue.map { try analysis.report(for: $0.circuit()) }
        func claim(
            _ number: String, _ statement: String, _ source: String, _ name: String?,
            expects: (MemoryReport) -> Bool
        )
            -> Claim
        {
            let looked = reports.filter { name == nil || $0.name == name }
            let measurement = looked.map { report in
                "\(report.name): "
                    + String(
                        printf: "spread %.3f over own spikes, %.3f over past currents",
                        report.spreadOverOwnSpikes, report.spreadOverPastCurrents)
            }
            return computed(
                number, statement, source,
                command: (["sqsnn neuron memory"] + [name].compactMap(\.self)).joined(separator: " "),
                measurement: measurement.joined(separator: "; "), looked.map(expects))
        }
        let least = MemoryAnalysis.rounding
        return [
            claim(
                "1", "A neuron of several qubits keeps a trace of its past inputs and of its activity",
                "Fig. 1 and section on the neuron", nil
            ) { $0.spreadOverOwnSpikes > least && $0.spreadOverPastCurrents > least },
            claim(
                "1a", "Our finding: the three-angle circuit as its text prints it remembers nothing", "ours",
                "input-controlled"
            ) { $0.spreadOverOwnSpikes <= least && $0.spreadOverPastCurrents <= least },
            claim(
                "1b",
                "Our finding: the circuit of the authors' hardware script remembers its spikes, not its inputs",
                "ours", "memory-controlled"
            ) { $0.spreadOverOwnSpikes > least && $0.spreadOverPastCurrents <= least },
        ]
    }

    /// What only the authors' program could show, which is not here.
    private func authorsSimulator() -> [Claim] {
        [
            Claim(
                number: "1c",
                statement:
                    "Our finding: the authors' batched simulator is no quantum memory, but a neuron fed back its last spike",
                source: "ours",
                measurement:
                    "their program is not a part of this one; the neuron that it comes to is kept as last-spike-feedback",
                verdict: .notTestable, command: "sqsnn train --model last-spike-feedback", scale: nil)
        ]
    }

    // MARK: By the figures

    /// Claims 2, 3 and 11, of the trainings of Fig. 2(c).
    private func shotsAndOperations() -> [Claim] {
        let rows = results.comparison("fig2c")?.rows
        let quantum = rows?.filter { $0.model == "SQSNN" }
        let shots = quantum.map { rows in
            (
                rows.map { "\($0.dataset), \($0.group ?? ""): \($0.shots.map { "\($0)" } ?? "exact")" }
                    .joined(separator: "; "),
                rows.map { Optional($0.shots == 1) }
            )
        }
        let operations = quantum.map { rows in
            let shares = rows.compactMap { row in
                row.operations.flatMap { operations in
                    operations.effectiveACs.mean.map { $0 / operations.dense }
                }
            }
            return (
                shares.map { String(printf: "%.1f %% of all synapses", 100 * $0) }.joined(separator: "; "),
                shares.map { Optional($0 < 1) }
            )
        }
        let matches = rows.map { rows in
            let ratios = rows.compactMap { row in
                row.parameterTarget.flatMap { target in row.parameters.map { Double($0) / Double(target) - 1 }
                }
            }
            let worst = ratios.map(abs).max() ?? 0
            return (
                String(printf: "at most %.2f %% apart, over %ld rivals", 100 * worst, ratios.count),
                [Optional(worst < 0.01)]
            )
        }
        return [
            claim("2", "Inference takes one shot", "abstract", of: "fig2c", isExact: true, shots),
            claim(
                "3", "The cost of the current follows the spikes that arrive, not the neurons before",
                "section on the neuron", of: "fig2c", isExact: true, operations),
            claim("11", "Rivals have as many parameters", "Fig. 2(c)", of: "fig2c", isExact: true, matches),
        ]
    }
}
