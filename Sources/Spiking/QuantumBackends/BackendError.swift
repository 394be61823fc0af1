import Files

/// What can go wrong between a batch and its counts.
public enum BackendError: DescribedError, Equatable {
    /// A circuit, parameter set or batch that cannot be run as given.
    case task(place: String, problem: String)
    /// A name that is none of a backend.
    case unknown(name: String, expected: String)
    /// Something a backend needs is not there.
    case unavailable(backend: String, reason: String, remedy: String)
    /// The vendor did not accept the account.
    case credentials(backend: String, message: String)
    /// The network or the vendor's servers failed: trying again may help.
    case network(backend: String, message: String)
    /// The backend will not run this batch, or ran it and failed.
    case job(backend: String, job: String?, message: String)
    /// The backend knows no such job.
    case unknownJob(backend: String, job: String)
    /// Counts that are not those of all shots.
    case counts(backend: String, job: String, problem: String)
    /// The bridge's process ended, fell silent, or said what makes no sense.
    case bridge(backend: String, problem: String, standardError: String, remedy: String)
    /// A job did not begin in time.
    case queue(backend: String, job: String, waited: Duration)
    /// The user stopped waiting; a job at a device goes on.
    case interrupted(backend: String, job: String?)

    /// Whether the same call may succeed later.
    public var isTransient: Bool {
        if case .network = self { true } else { false }
    }

    public var category: ErrorCategory {
        switch self {
        case .unknown: .usage
        case .task: .badInput
        case .unavailable, .credentials, .network, .job, .unknownJob, .counts, .bridge, .queue, .interrupted:
            .failure
        }
    }

    /// Without the secrets that libraries put into their messages.
    public var description: String { Secrets.redacted(message) }

    private var message: String {
        switch self {
        case .task(let place, let problem): "\(place): \(problem)"
        case .unknown(let name, let expected):
            "unknown backend '\(name)'; expected \(expected)\(spellingHint(name, among: BackendCatalogue.names))"
        case .unavailable(let backend, let reason, let remedy): "\(backend): \(reason); \(remedy)"
        case .credentials(let backend, let message):
            "\(backend): the account was not accepted (\(message)); save one with QiskitRuntimeService.save_account, "
                + "see docs/guides/backends.md"
        case .network(let backend, let message):
            "\(backend): network or server error (\(message)); try again later"
        case .job(let backend, let job, let message):
            "\(backend): \(job.map { "job \($0)" } ?? "the batch") failed (\(message))"
        case .unknownJob(let backend, let job):
            "\(backend): knows no job \(job); was it submitted with another account, or deleted?"
        case .counts(let backend, let job, let problem):
            "\(backend): job \(job): \(problem); its answer was not used"
        case .bridge(let backend, let problem, let standardError, let remedy):
            "\(backend): \(problem); \(remedy)"
                + (standardError.isEmpty ? "" : "; the bridge wrote: \(standardError)")
        case .queue(let backend, let job, let waited):
            "\(backend): job \(job) did not begin within \(waited.components.seconds) s; it is still queued there: go on with "
                + "--resume, or cancel it with the vendor"
        case .interrupted(let backend, let job):
            "\(backend): interrupted" + (job.map { " while waiting for job \($0)" } ?? "")
        }
    }
}
