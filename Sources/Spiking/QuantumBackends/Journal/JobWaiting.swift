/// The calls that one batch needs, each tried again where the network or the servers fail.
struct JobWaiting<Backend: CircuitBackend> {
    let backend: Backend
    let batch: CircuitBatch
    let policy: RetryPolicy
    let isInterrupted: () -> Bool

    /// The job that the batch was handed over as, if it was.
    func find() throws -> String? { try retrying(job: nil) { try backend.job(of: batch) } }

    /// Hands the batch over, once.
    func submit() throws -> String {
        var isFirst = true
        return try retrying(job: nil) {
            // The call before may have arrived though its answer did not.
            if !isFirst, backend.keepsJobs, let found = try backend.job(of: batch) { return found }
            isFirst = false
            return try backend.submit(batch)
        }
    }

    /// Waits for the counts.
    func collect(_ job: String) throws -> [[SpikeCounts]] {
        let clock = ContinuousClock()
        let start = clock.now
        while true {
            try checkInterrupt(job)
            let state = try retrying(job: job) {
                try backend.poll(job, of: batch, waiting: policy.pollInterval)
            }
            switch state {
            case .finished(let counts): return counts
            case .running: break
            case .queued:
                if clock.now - start > policy.queueTimeout {
                    throw BackendError.queue(
                        backend: backend.name, job: job, waited: clock.now - start)
                }
            }
        }
    }

    private func checkInterrupt(_ job: String?) throws {
        if isInterrupted() { throw BackendError.interrupted(backend: backend.name, job: job) }
    }

    private func retrying<Answer>(job: String?, _ call: () throws -> Answer) throws -> Answer {
        var failures = 0
        while true {
            try checkInterrupt(job)
            do {
                return try call()
            } catch let error as BackendError where error.isTransient {
                guard let delay = policy.delay(afterFailure: failures) else { throw error }
                failures += 1
                try pause(delay, job)
            }
        }
    }

    private func pause(_ duration: Duration, _ job: String?) throws {
        let clock = ContinuousClock()
        let end = clock.now + duration
        while clock.now < end {
            try checkInterrupt(job)
            min(.milliseconds(200), end - clock.now).pause()
        }
    }
}
