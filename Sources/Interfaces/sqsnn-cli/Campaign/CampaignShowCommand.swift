import Campaigns
import CommandParsing
import Files

/// `sqsnn campaign show`: one campaign, what is at work in it, and what failed.
struct CampaignShowCommand: Command {
    static let description = CommandDescription(
        name: "show", summary: "Print how far a campaign is, what is at work in it, and what failed and why.",
        examples: [Example("sqsnn campaign show runs/memory-study", "A study of temporal tasks.")])
    static let arguments: [ArgumentDescription] = [
        .flag(name: "json", help: "Print one JSON object: counts, cells at work, failures."),
        .positional(name: "folder", help: "Folder of the campaign."),
    ]

    private let folder: String
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        folder = try arguments.positional("folder")
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let summary = try CampaignSummary(reading: folder)
        if isJSON { return try terminal.writeJSON(summary) }
        terminal.write(
            "\(folder): \(summary.kind), \(summary.done) done in \(String(printf: "%.1f", summary.seconds)) s, "
                + "\(summary.running.count) running, \(summary.waiting) waiting, \(summary.failed.count) failed"
        )
        for cell in summary.running {
            terminal.write(
                "running: \(cell.cell), since \(cell.since), process \(cell.process) on \(cell.host)")
        }
        for failure in summary.failed { terminal.write("failed: \(failure.cell): \(failure.reason)") }
    }
}
