import Foundation
import TestSupport
import Testing

@testable import QuantumBackends

/// The journal of jobs: stopped at any point, nothing is lost and nothing paid for twice.
final class JobJournalTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "sqsnn-\(UUID().uuidString)")
        .path
    private var path: String { folder + "/jobs.journal" }

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func open(_ backend: ScriptedBackend, resuming: Bool = true) throws -> JobJournal {
        try JobJournal(path: path, backend: backend.name, resuming: resuming)
    }

    private func bytes() throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(filePath: path))) }
    private func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(filePath: path)) }

    /// Retries at once.
    private var policy: RetryPolicy {
        var policy = RetryPolicy()
        policy.firstDelay = .milliseconds(1)
        policy.attempts = 4
        policy.pollInterval = .milliseconds(1)
        return policy
    }

    @Test("a batch is submitted once, and answered from the journal ever after")
    func once() throws {
        let backend = ScriptedBackend()
        let batches = [try Examples.batch("first"), try Examples.batch("second")]
        var answers: [[[SpikeCounts]]] = []
        do {
            let journal = try open(backend, resuming: false)
            answers = try batches.map { try journal.run($0, on: backend) }
            #expect(journal.answeredBatches == 2 && journal.submittedShots == 40 && journal.repair == nil)
        }
        let journal = try open(backend)
        #expect(try batches.map { try journal.run($0, on: backend) } == answers)
        #expect(answers[0] == ScriptedBackend.counts(batches[0]))
        #expect(backend.submissions == 2)
        #expect(journal.answeredBatches == 2 && journal.submittedShots == 40)
    }

    @Test("cut off after any byte, the journal goes on: same counts, one job")
    func anyByte() throws {
        let backend = ScriptedBackend()
        let batch = try Examples.batch(setCount: 2)
        let answer: [[SpikeCounts]]
        do { answer = try open(backend).run(batch, on: backend) }
        let whole = try bytes()
        let lineEnds = whole.indices.filter { whole[$0] == UInt8(ascii: "\n") }
        #expect(lineEnds.count == 4)
        // From the batch's line on: before it is on the disk, nothing is submitted.
        for length in (lineEnds[1] + 1)...whole.count {
            try write(Array(whole.prefix(length)))
            do {
                let journal = try open(backend)
                let isCut = !lineEnds.contains(length - 1)
                #expect((journal.repair != nil) == isCut, "after \(length) bytes")
                #expect(try journal.run(batch, on: backend) == answer, "after \(length) bytes")
            }
            #expect(try bytes() == whole, "after \(length) bytes")
        }
        #expect(backend.submissions == 1)
    }

    @Test("whichever write fails, the journal is whole and goes on: same counts, one job")
    func everyWrite() throws {
        let batch = try Examples.batch(setCount: 2)
        let answer = ScriptedBackend.counts(batch)
        var failures = 0
        for count in 0..<100 {
            let backend = ScriptedBackend()
            try? FileManager.default.removeItem(atPath: path)
            let disk = FullDisk(after: count)
            let result = Result { try disk.during { try open(backend).run(batch, on: backend) } }
            guard disk.hasFailed else { break }
            failures += 1
            let error = #expect(throws: JournalError.self) { try result.get() }
            #expect(error == .cannotWrite(path: path, reason: "No space left on device"))
            do {
                let journal = try open(backend)
                #expect(journal.repair == nil)
                #expect(try journal.run(batch, on: backend) == answer, "write \(count)")
            }
            #expect(backend.submissions == 1, "write \(count)")
        }
        // Head, batch, job, counts.
        #expect(failures == 4)
    }

    @Test("cut off before any batch, the journal begins anew")
    func cutHead() throws {
        let backend = ScriptedBackend()
        do { _ = try open(backend) }
        let head = try bytes()
        for length in 0..<head.count {
            try write(Array(head.prefix(length)))
            do { _ = try open(backend) }
            #expect(try bytes() == head, "after \(length) bytes")
        }
    }

    @Test("a changed byte anywhere is an error that names its line")
    func corrupt() throws {
        let backend = ScriptedBackend()
        do { _ = try open(backend).run(Examples.batch(), on: backend) }
        let whole = try bytes()
        for place in whole.indices.dropLast() {
            var damaged = whole
            damaged[place] ^= 1
            try write(damaged)
            let line = whole[..<place].count { $0 == UInt8(ascii: "\n") } + 1
            do {
                _ = try open(backend)
                Issue.record("byte \(place) was not missed")
            } catch let error as JournalError {
                guard case .corrupt(_, let found, _) = error else {
                    Issue.record("byte \(place): \(error)")
                    continue
                }
                // A line's end that is damaged joins two lines, a byte that becomes one splits a line.
                #expect(found == line, "byte \(place): \(error)")
            }
            #expect(try bytes() == damaged, "byte \(place): the file was changed")
        }
    }

    @Test("any other file is refused, and stays as it is")
    func otherFile() throws {
        for text in ["my diary\n", "my diary", "{\"schema\": 1}\n"] {
            try write(Array(text.utf8))
            #expect(throws: JournalError.self) { try self.open(ScriptedBackend()) }
            #expect(try bytes() == Array(text.utf8))
        }
    }

    @Test(
        "a journal that is there is refused without resuming; that of another backend, in use, or of other work, always"
    )
    func mismatch() throws {
        let backend = ScriptedBackend()
        do {
            let journal = try open(backend)
            _ = try journal.run(Examples.batch(), on: backend)
            #expect(throws: JournalError.busy(path: path)) { try self.open(backend) }
            #expect(throws: JournalError.self) { try journal.run(Examples.batch(shots: 6), on: backend) }
            #expect(throws: JournalError.self) {
                try journal.run(Examples.batch("another"), on: ScriptedBackend(name: "other"))
            }
        }
        #expect(throws: JournalError.exists(path: path)) { try self.open(backend, resuming: false) }
        #expect(throws: JournalError.self) { try self.open(ScriptedBackend(name: "other")) }
        #expect(backend.submissions == 1)
    }

    @Test("shots that cannot be counted, and records nested without end, are damage with their line")
    func hostile() throws {
        func line(_ shots: Int, digest: String) throws -> [UInt8] {
            var batch = JournalRecord(.batch, digest: digest)
            batch.name = digest
            batch.shots = shots
            var job = JournalRecord(.job, digest: digest)
            job.job = "job"
            return try batch.line() + job.line()
        }
        let backend = ScriptedBackend()
        do { _ = try open(backend) }
        let head = try bytes()
        for (lines, number, problem) in [
            (
                try line(.max, digest: "a") + line(1, digest: "b"), 5,
                "its 1 shots are more than can be counted"
            ),
            (try line(-5, digest: "a"), 2, "the batch is there already, or has no name or shots"),
            (try line(0, digest: "a"), 2, "the batch is there already, or has no name or shots"),
        ] as [([UInt8], Int, String)] {
            try write(head + lines)
            #expect(throws: JournalError.corrupt(path: path, line: number, problem: problem)) {
                try self.open(backend)
            }
        }
    }

    @Test("network errors are tried again, up to the cap; a call that arrived is not made twice")
    func retries() throws {
        let lost = BackendError.network(backend: "scripted", message: "reset")
        let backend = ScriptedBackend(
            .init(submitErrors: [lost, lost], pollErrors: [nil, lost, lost, lost], arrives: false))
        let journal = try open(backend)
        let batch = try Examples.batch()
        #expect(try journal.run(batch, on: backend, policy: policy) == ScriptedBackend.counts(batch))
        #expect(backend.submissions == 1)

        let second = try Examples.batch("second")
        backend.state.withLock {
            $0.submitErrors = [lost]; $0.arrives = true
        }
        #expect(try journal.run(second, on: backend, policy: policy) == ScriptedBackend.counts(second))
        #expect(backend.submissions == 2)

        let third = try Examples.batch("third")
        backend.state.withLock {
            $0.submitErrors = [lost, lost, lost, lost]; $0.arrives = false
        }
        #expect(throws: lost) { try journal.run(third, on: backend, policy: policy) }
        #expect(backend.submissions == 2)
        // The work goes on where it stopped.
        #expect(try journal.run(third, on: backend, policy: policy) == ScriptedBackend.counts(third))
        #expect(backend.submissions == 3)
    }

    @Test("other errors are not tried again; after a failed job the batch is submitted anew")
    func failedJob() throws {
        let failed = BackendError.job(backend: "scripted", job: "job-0", message: "error")
        let backend = ScriptedBackend(.init(pollErrors: [failed]))
        let batch = try Examples.batch()
        do {
            let journal = try open(backend)
            #expect(throws: failed) { try journal.run(batch, on: backend, policy: policy) }
            #expect(backend.state.withLock { $0.polls } == 1)
        }
        backend.state.withLock { $0.jobs = ["gone"] }
        let journal = try open(backend)
        #expect(try journal.run(batch, on: backend, policy: policy) == ScriptedBackend.counts(batch))
        #expect(backend.submissions == 2)
    }

    @Test("a job that stays in the queue, or a user who stops waiting, leaves the job to be collected later")
    func queue() throws {
        let backend = ScriptedBackend(.init(isQueuedForever: true))
        let batch = try Examples.batch()
        var impatient = policy
        impatient.queueTimeout = .milliseconds(20)
        let journal = try open(backend)
        do {
            _ = try journal.run(batch, on: backend, policy: impatient)
            Issue.record("the job began")
        } catch let error as BackendError {
            guard case .queue(_, "job-0", let waited) = error else { throw error }
            #expect(waited >= .milliseconds(20))
        }
        var asked = 0
        #expect(throws: BackendError.interrupted(backend: "scripted", job: "job-0")) {
            try journal.run(
                batch, on: backend, policy: policy,
                isInterrupted: {
                    asked += 1
                    return asked > 3
                })
        }
        backend.state.withLock { $0.isQueuedForever = false }
        #expect(try journal.run(batch, on: backend, policy: policy) == ScriptedBackend.counts(batch))
        #expect(backend.submissions == 1)
    }

    @Test("counts that do not add up are no answer, and are not written down")
    func partialCounts() throws {
        let backend = ScriptedBackend(.init(missingShots: 1))
        let journal = try open(backend)
        let batch = try Examples.batch()
        #expect(
            throws: BackendError.counts(
                backend: "scripted", job: "job-0",
                problem: "task 0, set 0: the counts add up to 4 shots, expected 5")
        ) { try journal.run(batch, on: backend, policy: policy) }
        #expect(journal.answeredBatches == 0)
    }

    @Test("jobs of a simulator that are gone with its process are simply run again, to the same counts")
    func simulator() throws {
        let batch = try Examples.batch()
        let simulator = BuiltInSimulator.ideal
        let counts = try JobJournal(path: path, backend: "ideal", resuming: false).run(batch, on: simulator)
        let whole = try bytes()
        let lines = whole.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
        try write(Array(lines.dropLast().joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")])
        let journal = try JobJournal(path: path, backend: "ideal", resuming: true)
        #expect(try journal.run(batch, on: simulator) == counts)
    }
}
