import QuantumBackends

/// A backend that a training run sends its circuits to, with the journal of their jobs.
public final class BackendRun {
    public let backend: any CircuitBackend
    public let journal: JobJournal
    private let isInterrupted: () -> Bool

    /// - Parameters:
    ///   - path: of the journal; one that is there is gone on with.
    ///   - isInterrupted: asked about once a second while waiting for counts.
    /// - Throws: `JournalError` for a journal that is not the backend's.
    public init(_ backend: any CircuitBackend, journal path: String, isInterrupted: @escaping () -> Bool)
        throws
    {
        self.backend = backend
        journal = try JobJournal(path: path, backend: backend.name, resuming: true)
        self.isInterrupted = isInterrupted
    }

    func run(name: String, _ tasks: [CircuitTask], seed: UInt64) throws -> [[SpikeCounts]] {
        try journal.run(
            CircuitBatch(name: name, tasks: tasks, seed: seed), on: backend, isInterrupted: isInterrupted)
    }
}
