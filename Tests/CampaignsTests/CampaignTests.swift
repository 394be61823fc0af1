import Compute
import Files
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Campaigns

/// A number whose square is sought.
struct Square: CampaignCell {
    let number: Int
    /// What it is called, with no effect on the result.
    var label = "square"

    var name: String { "\(label) of \(number)" }

    struct Result: Codable, Hashable {
        var value: Int
    }

    private enum CodingKeys: String, CodingKey { case number }

    func problem(of result: Result) -> String? { result.value < 0 ? "value: found \(result.value)" : nil }
}

/// Work that notes what it is asked for.
final class SquareWork: Sendable {
    private let asked = Mutex<[Int]>([])
    private let refused: Set<Int>

    /// - Parameter refused: numbers that fail.
    init(refused: Set<Int> = []) { self.refused = refused }

    var numbers: [Int] { asked.withLock { $0.sorted() } }

    struct Refusal: Error, CustomStringConvertible {
        let number: Int
        var description: String { "\(number) is refused" }
    }

    func result(_ cell: Square) throws -> Square.Result? {
        asked.withLock { $0.append(cell.number) }
        if refused.contains(cell.number) { throw Refusal(number: cell.number) }
        return Square.Result(value: cell.number * cell.number)
    }
}

extension Campaign<Square> {
    init(_ numbers: some Sequence<Int>, label: String = "square") {
        self.init(kind: "squares", cells: numbers.map { Square(number: $0, label: label) })
    }

    func run(_ folder: String, threads: Int = 1, _ work: SquareWork) throws -> Outcome {
        try run(in: folder, parallelism: Parallelism(threadCount: threads)) { try work.result($0) }
    }
}

@Suite("Campaigns")
struct CampaignTests {
    let folder: TemporaryFolder
    private var path: String { folder.path("campaign") }

    init() throws { folder = try TemporaryFolder() }

    @Test("each cell is worked once; a second run does nothing; cells that are added are worked alone")
    func growing() throws {
        let first = SquareWork()
        let outcome = try Campaign(1...5).run(path, threads: 3, first)
        #expect(outcome.results.map { $0?.value } == [1, 4, 9, 16, 25] && outcome.error == nil)
        #expect(first.numbers == [1, 2, 3, 4, 5])
        let second = SquareWork()
        #expect(try Campaign(1...5).run(path, second).results == outcome.results)
        #expect(second.numbers == [])
        let third = SquareWork()
        // Cells of another name are the same cells, and one that is asked for twice is one.
        let more = try Campaign([7, 5, 7, 6], label: "power").run(path, third)
        #expect(more.results.map { $0?.value } == [49, 25, 49, 36] && third.numbers == [6, 7])
        #expect(try Campaign(4...9).finishedCount(in: path) == 4)
        #expect(folder.contents == ["campaign", "campaign/campaign.sqlite"], "nothing is left beside it")
    }

    @Test("a cell that fails stops no other, says why, and is tried again by the next run")
    func failing() throws {
        let outcome = try Campaign(1...4).run(path, SquareWork(refused: [2, 3]))
        #expect(outcome.results.map { $0?.value } == [1, nil, nil, 16])
        let failures = [2, 3].map { CampaignFailure(cell: "square of \($0)", reason: "\($0) is refused") }
        #expect(outcome.failures == failures && outcome.error == .failed(path, failures))
        let summary = try CampaignSummary(reading: path)
        #expect(summary.failed == failures && summary.done == 2 && summary.waiting == 0)
        let again = SquareWork(refused: [3])
        #expect(try Campaign(1...4).run(path, again).failures == [failures[1]])
        #expect(again.numbers == [2, 3])
    }

    @Test("a run that is stopped keeps what is done, drops what was given up, and the next goes on")
    func stopping() throws {
        let outcome = try Campaign(1...6).run(
            in: path, parallelism: Parallelism(threadCount: 1),
            onProgress: { $0.finishedCount < 2 }, work: { Square.Result(value: $0.number) })
        #expect(outcome.results.map { $0?.value } == [1, 2, nil, nil, nil, nil] && outcome.error == nil)
        let given = try Campaign(1...6).run(in: path, parallelism: Parallelism(threadCount: 1)) { cell in
            cell.number == 4 ? nil : Square.Result(value: cell.number)
        }
        #expect(given.results.map { $0?.value } == [1, 2, 3, nil, nil, nil])
        #expect(try CampaignSummary(reading: path).waiting == 3)
        let rest = SquareWork()
        #expect(try Campaign(1...6).run(path, rest).results.map { $0?.value } == [1, 2, 3, 16, 25, 36])
        #expect(rest.numbers == [4, 5, 6])
    }

    @Test("several runs at once work each cell once, and all of them get all results")
    func together() async throws {
        let work = SquareWork()
        let path = path
        try await withThrowingTaskGroup { group in
            for threads in [1, 2, 3, 1] {
                group.addTask { try Campaign(1...30).run(path, threads: threads, work).results }
            }
            for try await results in group {
                #expect(results.map { $0?.value } == (1...30).map { $0 * $0 })
            }
        }
        #expect(work.numbers == Array(1...30))
    }

    /// A worker that has begun a cell, and is somewhere else.
    private func worker(at number: Int) throws -> (database: CampaignDatabase, cell: CellRecord) {
        let cell = try CellRecord(Square(number: number))
        let database = try CampaignDatabase(path, kind: "squares", cells: [cell], formerNames: [])
        guard case .claimed = try database.claim(cell.digest) else {
            Issue.record("a cell of a new campaign is free")
            return (database, cell)
        }
        return (database, cell)
    }

    @Test("a cell whose worker is gone is taken again, and listed as waiting until then")
    func cutOff() throws {
        do { _ = try worker(at: 2) }
        let summary = try CampaignSummary(reading: path)
        #expect(summary.running.isEmpty && summary.waiting == 1)
        let work = SquareWork()
        #expect(try Campaign(1...3).run(path, work).results.map { $0?.value } == [1, 4, 9])
        #expect(work.numbers == [1, 2, 3])
    }

    @Test("a cell that another worker is at is waited for, and not worked twice")
    func waiting() throws {
        let (database, cell) = try worker(at: 2)
        let summary = try CampaignSummary(reading: path)
        #expect(summary.running.map(\.cell) == ["square of 2"] && summary.waiting == 0)
        #expect(summary.running[0].process == Int(ProcessInfo.processInfo.processIdentifier))
        let work = SquareWork()
        let calls = Mutex(0)
        let outcome = try Campaign(1...3).run(
            in: path, parallelism: Parallelism(threadCount: 1),
            onProgress: { _ in
                // Begin, two cells, then waiting.
                let count = calls.withLock {
                    $0 += 1
                    return $0
                }
                if count == 5 { try? database.finish(cell.digest, result: #"{"value":7}"#, seconds: 1) }
                return true
            }, work: { try work.result($0) })
        // What the other worker found: a result of its own, to be told apart.
        #expect(outcome.results.map { $0?.value } == [1, 7, 9])
        #expect(work.numbers == [1, 3])
    }

    @Test("names and reasons of any signs stay text, in the database and out of it")
    func hostileNames() throws {
        let name =
            "x'); DROP TABLE cells; --\u{0}\"\u{1B}[2J\u{202E}\n{}?1 :a @b $c %s"
            + String(repeating: "é", count: 300)
        let path = folder.path("file:?mode=memory&'; %41 \u{301}é")
        let outcome = try Campaign(1...2, label: name).run(
            in: path, parallelism: Parallelism(threadCount: 1)
        ) { cell in throw NamedError(name: "\(cell.name)") }
        #expect(outcome.failures.map(\.cell) == ["\(name) of 1", "\(name) of 2"])
        #expect(try CampaignSummary(reading: path).failed == outcome.failures)
        #expect(try CampaignSummary(reading: path).failed[1].reason == "\(name) of 2")
        #expect(folder.names.count == 1)
    }

    private struct NamedError: Error, CustomStringConvertible {
        let name: String
        var description: String { name }
    }
}
