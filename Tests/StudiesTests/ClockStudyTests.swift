import Campaigns
import Compute
import Foundation
import TestSupport
import Testing

@testable import Studies

@Suite("The clock study")
struct ClockStudyTests {
    private static func study(_ subjects: [ClockCell.Subject], seedCount: Int = 1) -> ClockStudy {
        ClockStudy(subjects: subjects, intervalCount: 2000, seedCount: seedCount, isSmoke: true)
    }

    @Test("cells are kept, hard ones come first, and names tell all subjects apart")
    func cells() throws {
        let folder = try TemporaryFolder()
        let study = Self.study([.states(1), .states(2), .instrument, .construction("two-way")], seedCount: 2)
        #expect(study.campaign.cells.map(\.subject.name).prefix(2) == ["2 states", "1 states"])
        let outcome = try study.campaign.run(
            in: folder.path, parallelism: Parallelism(threadCount: 2)
        ) { try $0.result() }
        #expect(outcome.results.compactMap(\.self).count == 8 && outcome.error == nil)
        #expect(try study.campaign.finishedCount(in: folder.path) == 8)
        for subjects in [ClockStudy.full, ClockStudy.smoke] {
            #expect(Set(subjects.map(\.name)).count == subjects.count)
        }
    }

    @Test("what is missed: a geometric law all of it, the instrument and its construction nothing")
    func missed() throws {
        let results = try Self.study([.states(1), .instrument, .construction("two-way"), .statesOfLaw(1)])
            .campaign.cells.map { try $0.result() }
        let report = ClockReport(
            Self.study([.states(1), .instrument, .construction("two-way"), .statesOfLaw(1)]), results)
        #expect(
            report.rows.map(\.subject) == [
                "1 states", "free instrument", "two-way by construction", "1 states, exact law",
            ])
        // The exact law's figure is closed form; 2,000 intervals scatter by 0.37/√2000.
        #expect(abs((report.rows[3].lawMissed ?? 0) - 0.386364) < 1e-6)
        #expect(abs(report.rows[0].heldOutMissed - 0.3864) < 5 * 0.012 && report.rows[0].halfWidth > 0.01)
        #expect(abs(report.rows[1].heldOutMissed) < 0.005)
        #expect((report.rows[2].distance ?? 1) < 1e-24 && abs(report.rows[2].heldOutMissed) < 1e-9)
        #expect(report.lines.contains { $0.hasPrefix("two-way by construction") })
    }

    @Test("noise meets the classical neurons where the curves cross, linear in the logarithms")
    func crossings() throws {
        func result(_ subject: ClockCell.Subject, _ missed: Double) -> ClockResult {
            ClockResult(
                subject: subject.name, seed: 1, parameters: [], freeCount: 1, trainingMissed: missed,
                heldOutMissed: missed, standardError: 0.001, seconds: 1)
        }
        let subjects: [ClockCell.Subject] = [
            .states(2), .states(8), .relaxing(steps: 10, onlyDephases: false),
            .relaxing(steps: 1000, onlyDephases: false),
        ]
        let report = ClockReport(
            Self.study(subjects), zip(subjects, [0.5, 0.01, 0.1, 0.001]).map { result($0, $1) })
        #expect(report.crossings.map(\.stateCount) == [2, 8])
        #expect(report.crossings[0].value == nil)
        #expect(abs((report.crossings[1].value ?? 0) - 100) < 1e-9)
        #expect(report.lines.contains { $0.contains("T1 = T2 (steps)") && $0.contains("100") })
    }
}
