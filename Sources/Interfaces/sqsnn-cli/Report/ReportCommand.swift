import Campaigns
import CommandParsing
import Files
import FoundationEssentials
import Reports
import Runs

/// `sqsnn report`: runs or a campaign as a page.
struct ReportCommand: Command {
    static let description = CommandDescription(
        name: "report", summary: "Make a page of runs or of a campaign, one HTML file.",
        discussion: """
            Of a run: what it came to, its curves, which classes it takes for which, samples that it got wrong, spikes, memory, what an \
            inference costs, and its configuration. Of several runs the same of each, and a comparison. Of a campaign (compare, search, study, \
            reproduce): its figures and tables. The page asks nothing of a network; it can be sent as it is. Curves can be enlarged and \
            pointed at.
            """,
        examples: [
            Example(
                "sqsnn report runs/fashion-mnist-sqs-1", "One run: runs/fashion-mnist-sqs-1/report.html."),
            Example("sqsnn report runs/a runs/b --output both.html", "Two runs, compared."),
            Example("sqsnn report runs/comparison", "A campaign."),
        ])
    static let arguments: [ArgumentDescription] = [
        .positional(name: "folder", help: "Folders of runs, or of one campaign.", repeating: true),
        .option(
            name: "output", value: "FILE", help: "Page to write, .html.",
            default: "report.html in the first folder"),
        .option(
            name: "threads", value: "K", help: "Threads; without effect on the result.",
            default: "one for each core"),
    ]

    private let folders: [String]
    private let output: String
    private let threads: Int

    init(_ arguments: ParsedArguments) throws {
        folders = arguments.positionals("folder")
        guard let first = folders.first else { throw UsageError.missingArgument("FOLDER") }
        output = try arguments.file("output", ending: ".html") ?? "\(first)/report.html"
        threads =
            try arguments.integer("threads", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
    }

    func run(_ terminal: Terminal) async throws {
        try AtomicFile.write(Array(try await page().html().utf8), to: output)
        terminal.write("Report: \(output)")
    }

    private func page() async throws -> ReportPage {
        if folders.count == 1, CampaignSummary.isCampaign(folders[0]) {
            return try FolderReport(folders[0]).page()
        }
        var reports: [RunReport] = []
        for path in folders {
            let folder = RunFolder(path: path)
            if folder.content == .nothing { throw ReportError.nothingToReport(path) }
            let data = try await folder.configuration().loadData()
            reports.append(try RunReport(TrainingRun(reading: folder, data: data, threads: threads)))
        }
        return try RunReport.page(reports)
    }
}
