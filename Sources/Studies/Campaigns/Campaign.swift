import Compute
import Files
import Synchronization

/// Many pieces of work of one kind, such as a grid of trainings times seeds, done once each and kept in a folder.
///
/// A campaign goes on after any interruption, its cells can be added to, and several processes of one machine may work on it at
/// once. A cell that fails does not stop the others; the next run tries it again.
public struct Campaign<Cell: CampaignCell>: Sendable {
    /// What the cells are, as in `memory-study`: a folder holds campaigns of one kind.
    public let kind: String
    /// The cells that are asked for, in the order in which they are begun.
    public let cells: [Cell]
    private let formerNames: [String]

    /// - Parameter formerNames: of files in which earlier releases kept results; a folder with one of them is refused.
    public init(kind: String, cells: [Cell], formerNames: [String] = []) {
        self.kind = kind
        self.cells = cells
        self.formerNames = formerNames
    }

    /// What a run has come to.
    public struct Progress: Sendable {
        /// Cells that are done, those of earlier runs and other processes included; equal ones count once.
        public let finishedCount: Int
        public let cellCount: Int
        /// The cell that was just done here, and its result.
        public let latest: (cell: Cell, result: Cell.Result)?
    }

    public struct Outcome: Sendable {
        /// Of ``Campaign/cells``; nil for those that failed, or were stopped.
        public let results: [Cell.Result?]
        /// In the order of ``Campaign/cells``.
        public let failures: [CampaignFailure]
        /// What to throw when everything else is done; nil where nothing failed.
        public let error: CampaignError?
    }

    /// Works off the cells that are not done.
    ///
    /// - Parameters:
    ///   - folder: made where it is not there.
    ///   - parallelism: how many cells are worked at a time, each on one thread.
    ///   - onProgress: called at the beginning, after each cell, and while other processes are waited for, from any thread but never
    ///     twice at a time; return `false` to begin no more cells. Those at work are then finished and kept.
    ///   - work: finds the result of a cell; nil where it was stopped, which begins no more cells either.
    /// - Throws: ``CampaignError`` and `FileError` where the folder is another's, or cannot be read or written; not what `work`
    ///   throws.
    public func run(
        in folder: String, parallelism: Parallelism,
        onProgress: @escaping @Sendable (Progress) -> Bool = { _ in true },
        work: @escaping @Sendable (Cell) throws -> Cell.Result?
    ) throws -> Outcome {
        let records = try cells.map { try CellRecord($0) }
        let database = try CampaignDatabase(folder, kind: kind, cells: records, formerNames: formerNames)
        let kept = try database.results()
        let run = Mutex(RunState(cellCount: Set(records.map(\.digest)).count, onProgress: onProgress))
        for (cell, record) in zip(cells, records) {
            guard let text = kept[record.digest] else { continue }
            let result = try Self.result(text, of: cell, database.path)
            run.withLock { $0.results[record.digest] = result }
        }
        run.withLock { $0.report() }
        while true {
            let missing = run.withLock { run in
                run.isStopped ? [] : records.indices.filter { run.isMissing(records[$0].digest) }
            }
            if missing.isEmpty { break }
            parallelism.forEach(missing.count) { index, _ in
                let (cell, record) = (cells[missing[index]], records[missing[index]])
                guard run.withLock({ !$0.isStopped && $0.isMissing(record.digest) }) else { return }
                do {
                    let outcome = try Self.attempt(cell, record, database, work)
                    run.withLock { run in
                        switch outcome {
                        case .done(let result): run.results[record.digest] = result
                        case .failed(let reason): run.failures[record.digest] = reason
                        case .stopped: run.isStopped = true
                        case .elsewhere: return
                        }
                        run.report(latest: run.results[record.digest].map { (cell, $0) })
                    }
                } catch {
                    run.withLock {
                        $0.error = $0.error ?? error
                        $0.isStopped = true
                    }
                }
            }
            waitForOthers(records, run)
        }
        return try run.withLock { try $0.outcome(records, folder) }
    }
}

extension Campaign {
    /// SHA-256 of all that decides the results but the program's version: what every cell is.
    public func inputsDigest() throws -> String {
        SHA256Digest.hex(of: Array(try cells.map { try CellRecord($0).digest }.joined(separator: "\n").utf8))
    }

    /// Makes the folder, or makes sure that it is this campaign's: for what is to be said before the work begins.
    ///
    /// - Throws: as ``run(in:parallelism:onProgress:work:)``.
    public func check(_ folder: String) throws {
        _ = try CampaignDatabase(folder, kind: kind, cells: [], formerNames: formerNames)
    }

    /// How many of the cells a folder has the results of.
    ///
    /// - Throws: as ``run(in:parallelism:onProgress:work:)``.
    public func finishedCount(in folder: String) throws -> Int {
        guard CampaignSummary.isCampaign(folder) else { return 0 }
        let done = try CampaignDatabase.look(in: folder) { database, _ in
            try database.run("SELECT digest FROM cells WHERE state = 'done'").compactMap { $0[0].text }
        }
        return try Set(cells.map { try CellRecord($0).digest }).intersection(done).count
    }

    private enum Attempt {
        case done(Cell.Result)
        case failed(String)
        case stopped
        /// Another process is at it.
        case elsewhere
    }

    private static func attempt(
        _ cell: Cell, _ record: CellRecord, _ database: CampaignDatabase,
        _ work: (Cell) throws -> Cell.Result?
    ) throws -> Attempt {
        switch try database.claim(record.digest) {
        case .running: return .elsewhere
        case .failed(let reason): return .failed(reason)
        case .done(let text): return .done(try result(text, of: cell, database.path))
        case .claimed: break
        }
        let start = ContinuousClock.now
        var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
        let text: [UInt8]
        let result: Cell.Result
        do {
            guard let found = try work(cell) else {
                try database.release(record.digest)
                return .stopped
            }
            result = found
            text = try JSONDocument.encode(found)
        } catch {
            try database.fail(record.digest, reason: "\(error)", seconds: seconds)
            return .failed("\(error)")
        }
        try database.finish(record.digest, result: String(decoding: text, as: UTF8.self), seconds: seconds)
        return .done(result)
    }

    private static func result(_ text: String, of cell: Cell, _ path: String) throws -> Cell.Result {
        do throws(JSONDocument.Problem) {
            let result = try JSONDocument.decode(Cell.Result.self, from: text.utf8)
            if let problem = cell.problem(of: result) {
                throw JSONDocument.Problem(place: "", problem: problem)
            }
            return result
        } catch {
            throw CampaignError.malformed(path, cell: cell.name, problem: error.text)
        }
    }

    /// Gives other processes some time where they are at all that is missing.
    private func waitForOthers(_ records: [CellRecord], _ run: borrowing Mutex<RunState>) {
        let isWaiting = run.withLock { run in
            run.report()
            return !run.isStopped && records.contains { run.isMissing($0.digest) }
        }
        if isWaiting { Duration.milliseconds(200).pause() }
    }

    /// How far a run is, by digest of the cells.
    private struct RunState: Sendable {
        var results: [String: Cell.Result] = [:]
        var failures: [String: String] = [:]
        var isStopped = false
        var error: (any Error)?
        let cellCount: Int
        let onProgress: @Sendable (Progress) -> Bool

        func isMissing(_ digest: String) -> Bool { results[digest] == nil && failures[digest] == nil }

        mutating func report(latest: (cell: Cell, result: Cell.Result)? = nil) {
            let progress = Progress(finishedCount: results.count, cellCount: cellCount, latest: latest)
            if !onProgress(progress) { isStopped = true }
        }

        func outcome(_ records: [CellRecord], _ folder: String) throws -> Outcome {
            if let error { throw error }
            let failed = records.compactMap { record in
                failures[record.digest].map { CampaignFailure(cell: record.name, reason: $0) }
            }
            return Outcome(
                results: records.map { results[$0.digest] }, failures: failed,
                error: failed.isEmpty ? nil : .failed(folder, failed))
        }
    }
}
