/// Where circuits are run: a simulator, or a device behind a queue.
///
/// Submitting and collecting are two calls, so that a ``JobJournal`` can write down the job between them and pick it up in
/// another process. Calls block; ``poll(_:of:waiting:)`` does so for a given time at most, so that whoever waits can
/// stop in between.
///
/// A backend answers with counts of the shots it ran, all of them, or throws. It never fills in what is missing.
public protocol CircuitBackend: Sendable {
    /// What the backend is called, as in `sqsnn backend check NAME`.
    var name: String { get }

    /// Whether jobs outlive this process and may cost money. Those of other backends are simply submitted again.
    var keepsJobs: Bool { get }

    /// Hands over a batch.
    ///
    /// - Returns: the identifier of its job.
    func submit(_ batch: CircuitBatch) throws(BackendError) -> String

    /// The job that this batch was handed over as, by whichever process; nil where there is none.
    func job(of batch: CircuitBatch) throws(BackendError) -> String?

    /// How a job is doing, and its counts as soon as they are there.
    ///
    /// - Parameters:
    ///   - batch: what was submitted as this job.
    ///   - duration: the longest time to wait for a change.
    func poll(_ job: String, of batch: CircuitBatch, waiting duration: Duration) throws(BackendError)
        -> JobState
}

/// How a job is doing.
public enum JobState: Sendable, Equatable {
    /// In a queue.
    case queued
    case running
    /// Counts `[task][set]`.
    case finished([[SpikeCounts]])
}

extension CircuitBackend {
    /// Runs a batch and waits for its counts, without a journal: for work that can be done again.
    ///
    /// - Parameter isInterrupted: asked about once a second.
    /// - Returns: counts `[task][set]`, shots of each set as asked for.
    /// - Throws: ``BackendError``.
    public func run(
        _ batch: CircuitBatch, isInterrupted: () -> Bool = { false }
    ) throws(BackendError) -> [[SpikeCounts]] {
        let job = try submit(batch)
        while true {
            if isInterrupted() { throw .interrupted(backend: name, job: job) }
            if case .finished(let counts) = try poll(job, of: batch, waiting: .seconds(1)) { return counts }
        }
    }
}

extension CircuitBatch {
    /// Counts by the text of their histories, `[task][set]`, as bridges and journals write them.
    ///
    /// - Throws: ``BackendError/counts(backend:job:problem:)`` for texts that are no histories of their task, and counts that are not
    ///   from 1 to its shots.
    func counts(
        from texts: [[[String: Int]]], backend: String, job: String
    ) throws(BackendError) -> [[SpikeCounts]] {
        var counts: [[SpikeCounts]] = []
        for (index, sets) in texts.enumerated().prefix(tasks.count) {
            let (neuron, shots) = (tasks[index].neuron, tasks[index].shots)
            var answers: [SpikeCounts] = []
            for (set, histories) in sets.enumerated() {
                var entries: [SpikeCounts.Entry] = []
                for (text, count) in histories {
                    let history = SpikeHistory(
                        text, stepCount: neuron.stepCount, channelCount: neuron.channelCount)
                    // Counts beyond the shots are not even added up.
                    guard let history, (1...shots).contains(count) else {
                        throw .counts(
                            backend: backend, job: job,
                            problem:
                                "task \(index), set \(set): found \(count) times '\(text.prefix(200))', expected 1 to "
                                + "\(shots) times \(neuron.stepCount * neuron.channelCount) digits 0 and 1")
                    }
                    entries.append(.init(history: history, count: count))
                }
                answers.append(SpikeCounts(entries))
            }
            counts.append(answers)
        }
        return counts
    }

    /// Refuses an answer that is not the counts of all shots of this batch.
    ///
    /// - Throws: ``BackendError/counts(backend:job:problem:)``.
    func check(_ counts: [[SpikeCounts]], from backend: String, job: String) throws(BackendError) {
        guard counts.count == tasks.count else {
            throw .counts(
                backend: backend, job: job,
                problem: "found the counts of \(counts.count) tasks, expected \(tasks.count)")
        }
        for (index, task) in tasks.enumerated() {
            guard counts[index].count == task.parameterSets.count else {
                throw .counts(
                    backend: backend, job: job,
                    problem: "task \(index): found the counts of \(counts[index].count) parameter sets, "
                        + "expected \(task.parameterSets.count)")
            }
            if let set = counts[index].firstIndex(where: { $0.shots != task.shots }) {
                throw .counts(
                    backend: backend, job: job,
                    problem:
                        "task \(index), set \(set): the counts add up to \(counts[index][set].shots) shots, "
                        + "expected \(task.shots)")
            }
        }
    }
}
