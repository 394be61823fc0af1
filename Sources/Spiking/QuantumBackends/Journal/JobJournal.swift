import Glibc

/// What was submitted to a backend and what it answered, in a file, so that work that is stopped at any point goes on
/// without losing or paying for anything twice.
///
/// A batch is written down before it is submitted, its job as soon as there is one, its counts when they arrive; each line is on the
/// disk before the next thing happens. When a journal is opened again, a batch whose counts are in it is answered from it, a job that
/// is still out is collected, and a batch that was written down without a job is looked for at the backend before it is
/// submitted.
///
/// ```swift
/// let journal = try JobJournal(path: "run/jobs.journal", backend: backend.name, resuming: true)
/// let counts = try journal.run(batch, on: backend, isInterrupted: { Interrupt.isRequested })
/// ```
///
/// A line that was cut off when the machine stopped is the last one: it is removed, and what it said is found out again.
/// Every other damage is an error.
public final class JobJournal {
    public var path: String { file.path }
    /// What was found and repaired when the journal was opened; nil where nothing was.
    public private(set) var repair: String?
    /// Batches that are answered.
    public private(set) var answeredBatches = 0
    /// Shots of all jobs that were submitted by way of this journal.
    public private(set) var submittedShots = 0

    private struct Entry {
        let name: String
        let shots: Int
        /// The latest job that did not fail.
        var job: String?
        /// Where the line of the counts is.
        var answer: Range<Int>?
    }

    private let file: JournalFile
    private let backend: String
    /// By the batch's digest.
    private var entries: [String: Entry] = [:]
    private var digests: [String: String] = [:]

    /// Opens a journal, or begins one.
    ///
    /// - Parameters:
    ///   - backend: the name of the backend; the journal of another one is refused.
    ///   - resuming: whether the file may be there; one that is not is begun.
    /// - Throws: ``JournalError``.
    public init(path: String, backend: String, resuming: Bool) throws(JournalError) {
        file = try JournalFile(path: path, mayExist: resuming)
        self.backend = backend
        try read()
        if file.length == 0 {
            var head = JournalRecord(.journal)
            head.schema = JournalRecord.schema
            head.backend = backend
            try append(head)
        }
    }

    /// The counts of a batch: from the journal, from a job that is out, or from a new one.
    ///
    /// - Parameters:
    ///   - backend: the one that the journal is of.
    ///   - isInterrupted: asked about once a second while waiting.
    /// - Returns: counts `[task][set]`, shots of each set as asked for.
    /// - Throws: ``BackendError`` or ``JournalError``; after either the batch can be run again with the journal reopened.
    public func run(
        _ batch: CircuitBatch, on backend: some CircuitBackend, policy: RetryPolicy = RetryPolicy(),
        isInterrupted: @escaping () -> Bool = { false }
    ) throws -> [[SpikeCounts]] {
        guard backend.name == self.backend else {
            throw JournalError.mismatch(
                path: path, problem: "the journal is of backend '\(self.backend)', not of '\(backend.name)'")
        }
        if let place = entries[batch.digest]?.answer { return try answer(to: batch, at: place) }
        let isNew = try begin(batch)
        let waiting = JobWaiting(
            backend: backend, batch: batch, policy: policy, isInterrupted: isInterrupted)
        var job = entries[batch.digest]?.job
        // A batch without a job may have been submitted all the same, just before the process was stopped.
        if job == nil, !isNew, backend.keepsJobs, let found = try waiting.find() {
            job = found
            try note(found, of: batch)
        }
        if job != nil, !backend.keepsJobs { job = nil }
        let current: String
        if let job {
            current = job
        } else {
            current = try waiting.submit()
            try note(current, of: batch)
        }
        do {
            let counts = try waiting.collect(current)
            try batch.check(counts, from: backend.name, job: current)
            try noteAnswer(counts, of: batch)
            return counts
        } catch let error as BackendError {
            if case .job = error {
                var record = JournalRecord(.failed, of: batch)
                record.job = current
                record.problem = error.description
                try append(record)
            }
            throw error
        }
    }

    // MARK: Writing

    /// - Returns: whether the batch was not in the journal yet.
    private func begin(_ batch: CircuitBatch) throws(JournalError) -> Bool {
        if entries[batch.digest] != nil { return false }
        if digests[batch.name] != nil {
            throw .mismatch(
                path: path,
                problem: "batch '\(batch.name)' is in the journal with other circuits, parameters or seed; "
                    + "run the same work as before, or begin another journal")
        }
        var record = JournalRecord(.batch, of: batch)
        record.name = batch.name
        record.sets = batch.setCount
        record.shots = batch.shotCount
        try append(record)
        return true
    }

    private func note(_ job: String, of batch: CircuitBatch) throws(JournalError) {
        var record = JournalRecord(.job, of: batch)
        record.job = job
        try append(record)
    }

    private func noteAnswer(_ counts: [[SpikeCounts]], of batch: CircuitBatch) throws(JournalError) {
        var record = JournalRecord(.counts, of: batch)
        record.counts = counts.map { task in
            task.map { set in
                Dictionary(uniqueKeysWithValues: set.entries.map { ($0.history.description, $0.count) })
            }
        }
        try append(record)
    }

    private func append(_ record: JournalRecord) throws(JournalError) {
        let line: [UInt8]
        do {
            line = try record.line()
        } catch {
            throw .cannotWrite(path: path, reason: "\(error)")
        }
        let place = try file.append(line)
        if let problem = take(record, at: place) {
            throw .mismatch(path: path, problem: problem)
        }
    }

    // MARK: Reading

    private func read() throws(JournalError) {
        let bytes = try file.bytes(0..<file.length)
        let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        var (start, number) = (0, 0)
        while start < end {
            number += 1
            let stop = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? end
            let record: JournalRecord
            do {
                record = try JournalRecord(line: bytes[start..<stop])
            } catch {
                throw .corrupt(path: path, line: number, problem: error.text)
            }
            if let problem = number == 1 ? headProblem(record) : take(record, at: start..<stop + 1) {
                throw number == 1
                    ? .mismatch(path: path, problem: problem)
                    : .corrupt(path: path, line: number, problem: problem)
            }
            start = stop + 1
        }
        // Cut off only after everything before it is known to be a journal: a file of anything else stays as it is.
        if end < bytes.count {
            guard end > 0 || Self.mayBeCutHead(bytes) else {
                throw .corrupt(path: path, line: 1, problem: "found no line of a journal")
            }
            try file.truncate(to: end)
            repair = "\(path): line \(number + 1) was cut off (\(bytes.count - end) bytes) and is removed"
        }
    }

    /// Whether bytes without a line's end may be the beginning of the first line.
    private static func mayBeCutHead(_ bytes: [UInt8]) -> Bool {
        bytes.prefix(16).allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
            && (bytes.count <= 16 || bytes[16] == UInt8(ascii: " "))
    }

    private func headProblem(_ record: JournalRecord) -> String? {
        guard record.event == .journal, record.schema == JournalRecord.schema else {
            return "found schema '\(record.schema ?? "none")', expected '\(JournalRecord.schema)'"
        }
        guard record.backend == backend else {
            return
                "the journal is of backend '\(record.backend ?? "")', not of '\(backend)'; choose another file"
        }
        return nil
    }

    /// Takes in what a record says.
    ///
    /// - Returns: what is wrong with it.
    private func take(_ record: JournalRecord, at place: Range<Int>) -> String? {
        if record.event == .journal {
            return file.length == place.upperBound && place.lowerBound == 0 ? nil : "a second head"
        }
        guard let digest = record.digest else { return "the record has no digest" }
        if record.event == .batch {
            guard let name = record.name, let shots = record.shots, shots > 0, entries[digest] == nil,
                digests[name] == nil
            else { return "the batch is there already, or has no name or shots" }
            entries[digest] = Entry(name: name, shots: shots)
            digests[name] = digest
            return nil
        }
        guard var entry = entries[digest] else { return "the record is of a batch that was not begun" }
        switch record.event {
        case .journal, .batch: return nil
        case .job:
            guard let job = record.job else { return "the record has no job" }
            let (shots, isTooMany) = submittedShots.addingReportingOverflow(entry.shots)
            if isTooMany { return "its \(entry.shots) shots are more than can be counted" }
            entry.job = job
            submittedShots = shots
        case .failed: entry.job = nil
        case .counts:
            guard record.counts != nil, entry.answer == nil else {
                return "counts are missing, or there already"
            }
            entry.answer = place
            answeredBatches += 1
        }
        entries[digest] = entry
        return nil
    }

    private func answer(to batch: CircuitBatch, at place: Range<Int>) throws -> [[SpikeCounts]] {
        let line = try file.bytes(place)
        let record: JournalRecord
        do {
            record = try JournalRecord(line: line.dropLast())
        } catch {
            throw JournalError.mismatch(path: path, problem: "the counts of '\(batch.name)': \(error.text)")
        }
        let counts = try batch.counts(
            from: record.counts ?? [], backend: backend, job: entries[batch.digest]?.job ?? "")
        try batch.check(counts, from: backend, job: entries[batch.digest]?.job ?? "")
        return counts
    }
}
