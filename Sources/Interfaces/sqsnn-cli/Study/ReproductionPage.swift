import Files
import Reports
import Reproduction

/// The report of `sqsnn reproduce all`.
struct ReproductionPage {
    private let results: ReproductionResults
    private let claims: [Claim]
    /// Why a part was not made.
    private let failures: [String: String]

    init(_ results: ReproductionResults, _ claims: [Claim], failures: [String: String]) {
        self.results = results
        self.claims = claims
        self.failures = failures
    }

    func page() throws -> ReportPage {
        let scale = results.plan.scale
        let warning =
            switch scale {
            case .smoke: "; for a look at how it works, not to be believed"
            case .small: "; fewer seeds, data sets and epochs than the paper"
            case .paper: ""
            }
        return ReportPage(
            title: "Reproduction of arXiv:2506.21324",
            summary: "Scale \(scale.rawValue)\(warning). Made by sqsnn \(Software.version).",
            sections: [judged] + (try results.plan.parts.map(section)))
    }

    private var judged: ReportPage.Section {
        let counts = Claim.Verdict.allCases.map { verdict in
            "\(claims.filter { $0.verdict == verdict }.count) \(verdict.rawValue)"
        }
        return ReportPage.Section(
            "Claims",
            [
                .text(counts.joined(separator: ", ") + "."),
                .table(
                    ReportTable(
                        "What the paper says, or we found, and what was measured",
                        headings: ["", "claim", "from", "verdict", "measured"],
                        rows: claims.map {
                            [$0.number, $0.statement, $0.source, $0.verdict.rawValue, $0.measurement]
                        })),
            ])
    }

    private func section(_ part: ReproductionPlan.Part) throws -> ReportPage.Section {
        var blocks: [ReportBlock] = [.code(part.call(output: results.folder))]
        if let failure = failures[part.name] {
            blocks.append(.text("Not made: \(failure)"))
            return ReportPage.Section(part.name, blocks)
        }
        let base = "\(results.runFolder(part))/\(part.figure)"
        if let bytes = try? InputFile.read("\(base).svg", limit: 1 << 26) {
            blocks.append(
                .pictures([
                    ReportPicture(
                        bytes, .svg, alternative: "\(part.name); its numbers are in the table below",
                        caption: "\(part.name), scale \(results.plan.scale.rawValue)")
                ]))
        } else {
            blocks.append(.text("No figure was drawn; the numbers are below."))
        }
        if let text = try? InputFile.read("\(base).csv", limit: 1 << 28) {
            blocks.append(.details("Numbers", [.table(ReportTable("\(part.figure).csv", csv: text))]))
        }
        return ReportPage.Section(part.name, blocks)
    }
}
