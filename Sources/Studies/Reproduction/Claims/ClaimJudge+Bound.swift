import QuantumCircuits

extension ClaimJudge {
    /// Claim 5, and what the sums over all histories show besides.
    func bound() throws -> [Claim] {
        let report = try BoundStudy(circuit: Ansatz.exchange.circuit()).report()
        let delays = ["in the same step", "a step later"]
        func claim(
            _ number: String, _ statement: String, _ source: String, _ texts: [String], _ statements: [Bool]
        ) -> Claim {
            computed(
                number, statement, source, command: "sqsnn study bound",
                measurement: texts.joined(separator: "; "), statements)
        }
        /// Of each delay, a text with its name before it.
        func texts(_ text: (BoundStudy.OfDelay) -> String) -> [String] {
            report.delays.map { "spikes arrive \(delays[$0.delay]): \(text($0))" }
        }
        func missed(_ estimate: BoundStudy.Estimate) -> String { "misses \(estimate.missedText)" }
        let later = report.delays.filter { $0.delay == 1 }
        return [
            claim(
                "5", "L is an upper bound of the log-loss, and (20) and (23) estimate its gradient",
                "section on learning",
                texts {
                    "L above by \($0.bound.text), (20) \(missed($0.output)), (23) \(missed($0.sameStep))"
                },
                report.delays.flatMap { [$0.bound.isAbove, $0.output.isExact, $0.sameStep.isExact] }),
            claim(
                "5a",
                "Our finding: (23) gives hidden neurons no signal where spikes take a step, as (12) has it",
                "ours",
                later.map { "(23) \(missed($0.sameStep)) of the gradient" },
                later.map { $0.sameStep.expectation <= BoundStudy.resolution * $0.sameStep.gradient }),
            claim(
                "5b", "Our finding: with the feedback of all later steps for credit it has no bias", "ours",
                texts { missed($0.returnToGo) }, report.delays.map { $0.returnToGo.isExact }),
            claim(
                "5c",
                "Our finding: the first line of (15) is no equality for spikes that forward passes draw",
                "ours", texts { "off the log-loss by \($0.firstLine.text)" },
                report.delays.map { $0.firstLine.largest > BoundStudy.resolution }),
            claim(
                "5d",
                "Our finding: (25) with two terms is exact for an angle of a plain rotation used once, and for no other",
                "ours",
                report.shifts.map {
                    "\($0.angles), \($0.steps) \($0.steps == 1 ? "step" : "steps"): \(missed($0.estimate))"
                },
                report.shifts.map { $0.estimate.isExact == $0.isPlain }),
        ]
    }
}
