import Files
import Foundation
import Learning
import TestSupport
import Testing

@testable import Reproduction

/// How verdicts follow from numbers.
struct ClaimTests {
    private typealias Verdict = Claim.Verdict
    private static let computed = ["1", "1a", "1b", "1c", "4", "5", "5a", "5b", "5c", "5d", "12", "13"]

    @Test(
        "of several statements all, some or none hold; where one is open and none fails, nothing is decided")
    func verdicts() {
        #expect(Verdict([true, true]) == .holds)
        #expect(Verdict([true, false]) == .inPart)
        #expect(Verdict([true, false, nil]) == .inPart)
        #expect(Verdict([false, false]) == .not)
        #expect(Verdict([false, nil]) == .not)
        #expect(Verdict([true, nil]) == .undecided)
        #expect(Verdict([nil]) == .undecided)
    }

    /// Half-widths by Student's t: of two values d apart 12.706 · d/2.
    @Test(
        "a difference is seen where intervals do not meet, is none where they are narrow, and open where they are wide"
    )
    func intervals() {
        let low = MeanInterval([0.5, 0.501, 0.499]), high = MeanInterval([0.9, 0.901, 0.899])
        let wide = MeanInterval([0.3, 0.9]), near = MeanInterval([0.502, 0.503, 0.501])
        #expect(low.isBelow(high, resolution: 0.02) == true)
        #expect(high.isBelow(low, resolution: 0.02) == false)
        #expect(low.isBelow(near, resolution: 0.02) == false)
        #expect(low.isBelow(wide, resolution: 0.02) == nil)
        #expect(low.equals(near, within: 0.01) == true)
        #expect(low.equals(high, within: 0.01) == false)
        #expect(low.equals(wide, within: 0.01) == nil)
        #expect(low.isNear(0.505, within: 0.01) == true)
        #expect(low.isNear(0.6, within: 0.01) == false)
        #expect(wide.isNear(0.6, within: 0.01) == nil)
    }

    @Test(
        "without results claims of figures are not run, those that are computed are judged, in the order of their numbers"
    )
    func nothingRun() throws {
        let folder = try TemporaryFolder()
        let results = ReproductionResults(ReproductionPlan(.small), folder: folder.path)
        let claims = try ClaimJudge(results).claims()
        #expect(claims.prefix(5).map(\.number) == ["1", "1a", "1b", "1c", "2"])
        #expect(claims.last?.number == "14")
        // Known of these circuits: `DESIGN.md`, `docs/guides/what-circuits-remember.md`.
        #expect(claims.prefix(4).map(\.verdict) == [.inPart, .holds, .holds, .notTestable])
        #expect(
            claims.filter { !Self.computed.contains($0.number) }.allSatisfy {
                $0.verdict == .notRun && $0.scale == nil
            })
        // (23) is no estimate of the gradient: `DESIGN.md`, fact 9.
        #expect(claims.first { $0.number == "5" }?.verdict == .inPart)
        #expect(
            claims.filter { $0.number.hasPrefix("5") && $0.number != "5" }.map(\.verdict)
                == [.holds, .holds, .holds, .holds])
        // Of claim 4 by the rule's own formulas, of 12 and 13 by `docs/studies/reservoirs.md` and `clock.md`.
        #expect(
            claims.filter { ["4", "12", "13"].contains($0.number) }.allSatisfy { $0.verdict == .holds })
        #expect(
            claims.first { $0.number == "6a" }?.command
                == "sqsnn reproduce fig2a --seeds 8 --output \(folder.path)/runs/fig2a")
    }

    private static func report(seeds: Int) -> CurveStudy.Report {
        let values = [0.95, 0.9501, 0.9499]
        return CurveStudy.Report(
            figure: "fig2a", dataset: "usps-1v7", testImages: 125, seeds: seeds, iterations: 1, inputs: "",
            curves: ["1 pass, 5 perturbations", "5 passes, 5 perturbations"].map { name in
                CurveStudy.CurveReport(
                    name: name, circuit: "exchange", batch: 1,
                    accuracy: [MeanInterval(values, range: 0...1)], halfWidthOfTestImages: 0,
                    secondsPerIteration: 0, circuitsPerIteration: 0, shotsPerIteration: 0)
            })
    }

    @Test("a look decides nothing that depends on numbers")
    func look() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path("runs/fig2a"), withIntermediateDirectories: true)
        try AtomicFile.write(
            JSONDocument.encode(Self.report(seeds: 3), .indented), to: folder.path("runs/fig2a/fig2a.json"))
        func verdict(_ scale: ReproductionPlan.Scale) throws -> Claim.Verdict? {
            let results = ReproductionResults(ReproductionPlan(scale), folder: folder.path)
            return try ClaimJudge(results).claims().first { $0.number == "6a" }?.verdict
        }
        #expect(try verdict(.smoke) == .undecided)
        #expect(try verdict(.paper) == .holds)
    }

    @Test("of each figure the largest scale counts that was run")
    func scales() throws {
        let folder = try TemporaryFolder()
        let small = ReproductionResults(ReproductionPlan(.small), folder: folder.path("small"))
        let all = ReproductionResults(
            ReproductionPlan(.paper), folder: folder.path("paper"), others: [small])
        func make(_ results: ReproductionResults, _ figure: String) throws {
            let path = results.folder + "/runs/\(figure)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try AtomicFile.write(
                JSONDocument.encode(Self.report(seeds: 3), .indented), to: path + "/\(figure).json")
        }
        try make(small, "fig2a")
        try make(small, "fig2b")
        try make(all, "fig2b")
        let claims = try ClaimJudge(all).claims()
        func claim(_ number: String) -> Claim? { claims.first { $0.number == number } }
        #expect(claim("6a")?.scale == "small" && claim("6a")?.command.contains("small/runs/fig2a") == true)
        #expect(claim("6d")?.scale == "paper" && claim("8a")?.scale == nil)
    }

    @Test("the page has a line for each claim, and each command once")
    func page() throws {
        let folder = try TemporaryFolder()
        let claims = try ClaimJudge(ReproductionResults(ReproductionPlan(.paper), folder: folder.path))
            .claims()
        let lines = ClaimPage(claims).markdown.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("| ") && $0.contains("**") }.count == claims.count)
        #expect(lines.filter { $0.contains("`sqsnn reproduce fig2c ") }.count == 1)
    }

    @Test("docs/claims.md has every claim, and of those that are computed what is computed today")
    func published() throws {
        let page = URL(filePath: #filePath).appending(path: "../../../docs/claims.md").standardizedFileURL
        let lines = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
        let results = ReproductionResults(ReproductionPlan(.paper), folder: "runs/reproduction-paper")
        let today = ClaimPage(try ClaimJudge(results).claims()).markdown.split(separator: "\n")
        for line in today where line.hasPrefix("| ") && line.contains("**") {
            let number = line.dropFirst(2).prefix { $0 != " " }
            let statement = line.split(separator: "|").dropFirst().first ?? ""
            let hasClaim = lines.contains { $0.hasPrefix("| \(number) |\(statement)|") }
            #expect(hasClaim, "no line of claim \(number)")
            let isToday = !Self.computed.contains(String(number)) || lines.contains(line)
            #expect(isToday, "stale: \(line)")
        }
    }
}
