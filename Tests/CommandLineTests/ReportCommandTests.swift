import Files
import Foundation
import TestSupport
import Testing

private let browser = SystemProgram(named: "chromium")
private let hasLibrary = FileManager.default.fileExists(
    atPath: "/usr/share/javascript/dygraphs/dygraph.min.js")

/// Pages of runs and campaigns, as a browser reads them.
@Suite(
    "sqsnn report", .serialized, .enabled(if: isFashionMNISTInstalled, "Fashion-MNIST is not installed"),
    .enabled(if: isGnuplotInstalled, "gnuplot is not installed"),
    .enabled(if: hasLibrary, "libjs-dygraphs is not installed"))
struct ReportCommandTests {
    private static func train(_ folder: TemporaryFolder, _ name: String, _ more: [String] = []) throws {
        let result = try runCommand(
            ["train", "--limit", "200", "--hidden", "10", "--steps", "2", "--epochs", "2", "--output", name]
                + more,
            folder: folder.path)
        #expect(result.status == 0, "\(result)")
    }

    /// What is in the page when its programs have run, and what they complained of.
    private static func opened(_ path: String) throws -> (page: String, complaints: [String])? {
        guard let browser else { return nil }
        let result = try browser.run(
            [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--enable-logging=stderr", "--dump-dom",
                "file://\(path)",
            ], timeLimit: .seconds(60))
        return (
            result.output,
            result.messages.split(separator: "\n").map(String.init).filter { $0.contains("CONSOLE") }
        )
    }

    @Test("a run: every part is there, pictures too; a browser draws the curves and complains of nothing")
    func run() throws {
        let folder = try TemporaryFolder()
        let name = "<b>run & 'co'"
        try Self.train(folder, name)
        let result = try runCommand(["report", name], folder: folder.path)
        #expect(result.output == "Report: \(name)/report.html\n", "\(result)")
        let path = folder.path("\(name)/report.html")
        let page = try String(contentsOfFile: path, encoding: .utf8)
        for heading in [
            "Result", "Training", "Classes", "Spikes and memory", "What it costs", "Configuration",
        ] {
            #expect(page.contains(">\(heading)</h2>"))
        }
        #expect(page.utf8.count < 5_000_000)
        #expect(!page.contains("<b>run") && page.contains("&lt;b&gt;run &amp; "))
        #expect(page.components(separatedBy: "<img src=\"data:image/png;base64,iVBOR").count > 3)
        #expect(!page.contains("alt=\"\""))
        let copy = try folder.write(page, as: "page.html")
        guard let opened = try Self.opened(copy) else { return }
        #expect(opened.complaints.isEmpty)
        // dygraphs puts canvases into what it has drawn.
        #expect(opened.page.components(separatedBy: "class=\"plot\"").count == 4)
        #expect(opened.page.components(separatedBy: "<canvas").count == 1 + 2 * 3)
    }

    @Test("watch: a line an epoch, and an event file that is the same however often it is written")
    func watch() throws {
        let folder = try TemporaryFolder()
        try Self.train(folder, "run")
        let call = ["watch", "run", "--tensorboard", "logs"]
        let result = try runCommand(call, folder: folder.path)
        #expect(result.status == 0 && result.error == "", "\(result)")
        #expect(result.output.split(separator: "\n").map { $0.prefix(9) } == ["epoch 1/2", "epoch 2/2"])
        let files = folder.contents.filter { $0.hasPrefix("logs/events.out.tfevents.") }
        let file = try #require(files.first)
        let bytes = try Data(contentsOf: URL(filePath: folder.path(file)))
        #expect(try runCommand(call + ["--once"], folder: folder.path).output == result.output)
        #expect(try Data(contentsOf: URL(filePath: folder.path(file))) == bytes && files.count == 1)
    }

    @Test("several runs are compared; a campaign shows its figures and tables")
    func several() throws {
        let folder = try TemporaryFolder()
        try Self.train(folder, "a")
        try Self.train(folder, "b", ["--seed", "2"])
        #expect(
            try runCommand(["report", "a", "b", "--output", "both.html"], folder: folder.path).output
                == "Report: both.html\n")
        let page = try String(contentsOfFile: folder.path("both.html"), encoding: .utf8)
        #expect(
            page.contains(">Comparison</h2>") && page.contains(">a: Result</h2>")
                && page.contains(">b: Result</h2>"))
        let compared = try runCommand(
            [
                "compare", "--models", "sqs,lif", "--datasets", "fashion-mnist", "--seeds", "2", "--limit",
                "100",
                "--hidden", "5", "--steps", "2", "--epochs", "1", "--output", "campaign",
            ], folder: folder.path)
        #expect(compared.status == 0, "\(compared)")
        #expect(try runCommand(["report", "campaign"], folder: folder.path).status == 0)
        let campaign = try String(contentsOfFile: folder.path("campaign/report.html"), encoding: .utf8)
        #expect(campaign.contains(">Figures</h2>") && campaign.contains("<summary>comparison.csv</summary>"))
    }

    @Test("a folder without a run is bad input, and says what is expected")
    func nothing() throws {
        let folder = try TemporaryFolder()
        let result = try runCommand(["report", folder.path("none")])
        #expect(
            result.status == 3 && result.error.contains("found neither a run (run.json) nor a campaign"),
            "\(result)")
    }
}
