import Files

/// The claims as a page in Markdown.
public struct ClaimPage: Sendable {
    private let claims: [Claim]

    public init(_ claims: [Claim]) { self.claims = claims }

    public var markdown: String {
        var lines = [
            "# The claims of the paper", "",
            "What arXiv:2506.21324 says, in our words, and what we found ourselves; what was measured, and whether it holds. Written by",
            "`sqsnn reproduce claims`; verdicts follow from the numbers by rules that stand in `Sources/Studies/Reproduction/Claims`.",
            "",
            "| | claim | from | verdict | measured | scale |", "|---|---|---|---|---|---|",
        ]
        lines += claims.map { claim in
            let cells = [
                claim.number, claim.statement, claim.source, "**\(claim.verdict.rawValue)**",
                claim.measurement, claim.scale ?? "",
            ]
            return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
        }
        lines += ["", "## Commands", ""]
        var commands: [String] = []
        for claim in claims where !claim.command.isEmpty && !commands.contains(claim.command) {
            commands.append(claim.command)
        }
        for command in commands {
            let shown = claims.filter { $0.command == command }
            let time = shown.lazy.compactMap(\.seconds).first.map { ", \(timeText($0)) of one thread" } ?? ""
            lines.append("- \(shown.map(\.number).joined(separator: ", ")): `\(command)`\(time)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
