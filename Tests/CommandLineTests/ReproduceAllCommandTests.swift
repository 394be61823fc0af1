import Foundation
import TestSupport
import Testing

/// Every figure by one command.
@Suite("sqsnn reproduce all, claims")
struct ReproduceAllCommandTests {
    private static let needed = ["usps-1v7", "fashion-mnist", "n-mnist"]
    private static let figures = ["fig2a", "fig2b", "fig2c", "figS2", "controls", "fig2d"]

    @Test(
        "killed and called again it makes every figure; a third call trains nothing and ends with the same files",
        .enabled(if: isGnuplotInstalled, "gnuplot is not installed"),
        .enabled(if: needed.allSatisfy(installedDatasets.contains), "one of \(needed) is not here"))
    func smoke() throws {
        let folder = try TemporaryFolder()
        let call = ["reproduce", "all", "--output", "all"]
        _ = try stopCommand(
            call, signal: SIGKILL, afterFile: "all/runs/fig2c/campaign.sqlite", folder: folder.path)
        let result = try runCommand(call, folder: folder.path)
        #expect(result.status == 0, "\(result.error)")
        for figure in Self.figures {
            #expect(result.output.contains("\n$ sqsnn reproduce \(figure) "))
            for ending in ["svg", "png", "pdf"] {
                #expect(folder.contents.contains("all/figures/\(figure).\(ending)"))
            }
        }
        func numbers() throws -> [String] {
            try Self.figures.map {
                try String(contentsOfFile: folder.path("all/data/\($0).csv"), encoding: .utf8)
            }
        }
        let page = try String(contentsOfFile: folder.path("all/report.html"), encoding: .utf8)
        for figure in Self.figures { #expect(page.contains(">\(figure)</h2>")) }
        #expect(page.components(separatedBy: "data:image/svg+xml").count == Self.figures.count + 1)
        // A look decides nothing that depends on numbers.
        let claims = try String(contentsOfFile: folder.path("all/claims.md"), encoding: .utf8)
        let line = claims.split(separator: "\n").first { $0.hasPrefix("| 8a |") }
        #expect(line?.contains("| **not decided** |") == true && line?.hasSuffix(" smoke |") == true)
        let before = try numbers()
        let again = try runCommand(call, folder: folder.path)
        #expect(again.status == 0 && !again.error.contains("epoch"))
        #expect(try numbers() == before)
    }

    @Test(
        "figures without their data are named, with what is missing, and the others are made",
        .enabled(if: isGnuplotInstalled, "gnuplot is not installed"),
        .enabled(if: isFashionMNISTInstalled, "Fashion-MNIST is not installed"))
    func missingData() throws {
        let folder = try TemporaryFolder()
        let result = try runCommand(
            ["reproduce", "all", "--output", "all"], environment: ["SQSNN_DATA": "/nowhere"],
            folder: folder.path)
        #expect(result.status == 3)
        #expect(result.error.contains("sqsnn reproduce all: fig2a: usps"), "\(result.error)")
        #expect(
            result.error.hasSuffix(
                "sqsnn reproduce all: not made: fig2a, fig2b, fig2d; the lines above say why, and the same command tries again\n"
            ))
        #expect(folder.contents.contains("all/figures/fig2c.svg"))
        let page = try String(contentsOfFile: folder.path("all/report.html"), encoding: .utf8)
        #expect(page.contains("Not made: usps"))
    }

    @Test("claims without results are not run, and the page says by which command they would be")
    func claims() throws {
        let folder = try TemporaryFolder()
        let result = try runCommand("reproduce", "claims", folder: folder.path)
        #expect(result.status == 0 && result.output.hasSuffix("Claims: runs/claims.md\n"))
        #expect(
            try runCommand("reproduce", "claims", "--scale", "smoke", "--json", folder: folder.path).output
                .contains("\"verdict\":\"not run\""))
        #expect(folder.contents.contains("runs/reproduction-smoke/claims.md"))
        let page = try String(contentsOfFile: folder.path("runs/claims.md"), encoding: .utf8)
        #expect(page.contains("`sqsnn reproduce fig2d --output runs/reproduction-paper/runs/fig2d`"))
    }
}
