import QuantumBackends
import Synchronization

/// A backend whose jobs outlive everything and whose calls fail as a test says.
///
/// Set k of a batch has all its shots in the history whose pattern at every step is k modulo 2.
final class ScriptedBackend: CircuitBackend {
    let name: String
    let keepsJobs: Bool

    struct State {
        /// Digest of each job.
        var jobs: [String] = []
        /// Errors of the next calls, in order; nil lets one through.
        var submitErrors: [BackendError?] = []
        var pollErrors: [BackendError?] = []
        /// Whether a call to submit that fails has arrived all the same.
        var arrives = false
        var isQueuedForever = false
        var polls = 0
        /// Shots missing in the first set.
        var missingShots = 0
    }

    let state: Mutex<State>

    init(name: String = "scripted", keepsJobs: Bool = true, _ state: State = State()) {
        self.name = name
        self.keepsJobs = keepsJobs
        self.state = Mutex(state)
    }

    var submissions: Int { state.withLock { $0.jobs.count } }

    func submit(_ batch: CircuitBatch) throws(BackendError) -> String {
        try state.withLock { state throws(BackendError) in
            let error = state.submitErrors.isEmpty ? nil : state.submitErrors.removeFirst()
            if let error {
                if state.arrives { state.jobs.append(batch.digest) }
                throw error
            }
            state.jobs.append(batch.digest)
            return "job-\(state.jobs.count - 1)"
        }
    }

    func job(of batch: CircuitBatch) throws(BackendError) -> String? {
        state.withLock { $0.jobs.firstIndex(of: batch.digest).map { "job-\($0)" } }
    }

    func poll(
        _ job: String, of batch: CircuitBatch, waiting duration: Duration
    ) throws(BackendError) -> JobState {
        try state.withLock { state throws(BackendError) in
            state.polls += 1
            if !state.pollErrors.isEmpty, let error = state.pollErrors.removeFirst() { throw error }
            if state.isQueuedForever { return .queued }
            guard let number = Int(job.dropFirst(4)), state.jobs.indices.contains(number),
                state.jobs[number] == batch.digest
            else { throw .unknownJob(backend: name, job: job) }
            return .finished(Self.counts(batch, missingShots: state.missingShots))
        }
    }

    static func counts(_ batch: CircuitBatch, missingShots: Int = 0) -> [[SpikeCounts]] {
        batch.tasks.map { task in
            task.parameterSets.indices.map { set in
                let history = SpikeHistory(
                    patterns: [Int](repeating: set % 2, count: task.neuron.stepCount),
                    channelCount: task.neuron.channelCount)
                let count = task.shots - (set == 0 ? missingShots : 0)
                return SpikeCounts([.init(history: history, count: count)])
            }
        }
    }
}
