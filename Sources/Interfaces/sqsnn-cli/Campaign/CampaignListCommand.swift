import Campaigns
import CommandParsing
import Files
import FoundationEssentials

/// `sqsnn campaign list`: a line for each campaign.
struct CampaignListCommand: Command {
    static let description = CommandDescription(
        name: "list", summary: "List campaigns with the states of their cells.",
        examples: [Example("sqsnn campaign list", "Those in runs/.")])
    static let arguments: [ArgumentDescription] = [
        .flag(name: "json", help: "Print one JSON object: the campaigns."),
        .positional(
            name: "folder", help: "Folders of campaigns; default: those in runs/.", optional: true,
            repeating: true),
    ]

    private let folders: [String]
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        folders = arguments.positionals("folder")
        isJSON = arguments.flag("json")
    }

    func run(_ terminal: Terminal) async throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "runs")) ?? []
        let found = names.sorted().map { "runs/\($0)" }.filter(CampaignSummary.isCampaign)
        let summaries = try (folders.isEmpty ? found : folders).map { try CampaignSummary(reading: $0) }
        if isJSON { return try terminal.writeJSON(["campaigns": summaries]) }
        let heading = ["folder", "kind", "waiting", "running", "done", "failed", "seconds"]
        let rows = summaries.map { summary in
            let counts = [summary.waiting, summary.running.count, summary.done, summary.failed.count]
            return [summary.folder, summary.kind] + counts.map(String.init)
                + [String(printf: "%.1f", summary.seconds)]
        }
        TextTable.numberLines([heading] + rows).forEach(terminal.write)
    }
}
