import Files
import FoundationEssentials
import Synchronization

/// Circuits run by Qiskit, in a Python process of its own.
///
/// Targets: `aer`, Qiskit Aer without noise; `aer-fake-brisbane`, Aer with the noise that Qiskit IBM Runtime publishes for
/// ibm_brisbane; `ibm:NAME`, a device of IBM by QiskitRuntimeService and SamplerV2, with the account that the vendor's
/// library finds. Circuits go over as OpenQASM 3, are transpiled once, and carry all parameter sets of a batch in one job.
///
/// A process that ends, falls silent, or answers what makes no sense is an error that shows the end of what it wrote to standard
/// error. Counts are used only if they are complete.
public final class QiskitBridge: CircuitBackend {
    /// The longest that each answer may take, in seconds.
    public struct Timeouts: Sendable, Hashable {
        /// Starting Python, importing Qiskit, reaching the vendor's servers.
        public var hello = 180.0
        /// Reading and transpiling the circuits, handing over the job.
        public var submit = 900.0
        /// Looking up a job; and beyond the time that a poll is asked to wait.
        public var poll = 300.0

        public init() {}
    }

    /// A target that runs nothing, and says quickly which packages are installed.
    static let packagesTarget = "qiskit"

    public let name: String
    /// Names and versions of Python and the packages in use.
    public let versions: [String: String]
    public var keepsJobs: Bool { name.hasPrefix("ibm:") }

    private let timeouts: Timeouts
    private let session: Mutex<Session>

    private struct Session: ~Copyable {
        var process: BridgeProcess?
        var lastRequest = 0
        /// What is left to say of a process that failed.
        var failure: BackendError?
    }

    /// Starts the process and shakes hands.
    ///
    /// - Parameter name: of the target.
    /// - Throws: ``BackendError``.
    public init(
        _ name: String, installation: BridgeInstallation, timeouts: Timeouts = Timeouts()
    ) throws(BackendError) {
        self.name = name
        self.timeouts = timeouts
        let variables = ProcessInfo.processInfo.environment.merging(installation.environment) { $1 }
        let process: BridgeProcess
        do throws(BridgeProcess.Failure) {
            process = try BridgeProcess(
                installation.python, installation.arguments + ["-m", "sqsnn_bridge", name],
                environment: variables)
        } catch {
            throw Self.error(error, backend: name, standardError: "")
        }
        var session = Session(process: process)
        var greeting = BridgeMessage.Request(.hello)
        greeting.protocol = BridgeMessage.protocol
        let hello: BridgeMessage.Hello = try Self.ask(
            &session, greeting, backend: name, timeout: timeouts.hello)
        guard hello.protocol == BridgeMessage.protocol else {
            throw .bridge(
                backend: name,
                problem: "the bridge that is installed is version \(hello.bridge) and speaks protocol "
                    + "\(hello.protocol), expected \(BridgeMessage.protocol)",
                standardError: "",
                remedy: "run Scripts/install-bridge of the same version of \(Software.name)")
        }
        versions = hello.versions
        self.session = Mutex(session)
    }

    public func submit(_ batch: CircuitBatch) throws(BackendError) -> String {
        var tasks: [BridgeMessage.Task] = []
        for (index, task) in batch.tasks.enumerated() {
            let program: String
            do {
                program = try task.neuron.openQASM()
            } catch {
                throw .task(place: "tasks[\(index)]", problem: "\(error)")
            }
            tasks.append(
                BridgeMessage.Task(
                    program: program, parameters: task.neuron.parameterNames, sets: task.parameterSets,
                    shots: task.shots))
        }
        var request = BridgeMessage.Request(.submit)
        request.digest = batch.digest
        // Aer takes seeds below 2³¹.
        request.seed = UInt32(truncatingIfNeeded: batch.randomSeed) >> 1
        request.tasks = tasks
        let answer: BridgeMessage.Submitted = try ask(request, timeout: timeouts.submit)
        return answer.job
    }

    public func job(of batch: CircuitBatch) throws(BackendError) -> String? {
        var request = BridgeMessage.Request(.find)
        request.digest = batch.digest
        let answer: BridgeMessage.Found = try ask(request, timeout: timeouts.poll)
        return answer.job
    }

    public func poll(
        _ job: String, of batch: CircuitBatch, waiting duration: Duration
    ) throws(BackendError) -> JobState {
        let seconds = max(0, duration / .seconds(1))
        var request = BridgeMessage.Request(.poll)
        request.job = job
        request.wait = seconds
        let answer: BridgeMessage.State = try ask(request, timeout: timeouts.poll + seconds)
        switch (answer.state, answer.counts) {
        case ("queued", _): return .queued
        case ("running", _): return .running
        case ("finished", let texts?):
            let counts = try batch.counts(from: texts, backend: name, job: job)
            try batch.check(counts, from: name, job: job)
            return .finished(counts)
        default:
            throw .bridge(
                backend: name, problem: "job \(job) is in state '\(answer.state)' without counts",
                standardError: "",
                remedy: "run Scripts/install-bridge again")
        }
    }

    // MARK: Requests

    private func ask<Content: Decodable & Sendable>(
        _ request: BridgeMessage.Request, timeout: Double
    ) throws(BackendError) -> Content {
        try session.withLock { session throws(BackendError) in
            try Self.ask(&session, request, backend: name, timeout: timeout)
        }
    }

    private static func ask<Content: Decodable & Sendable>(
        _ session: inout Session, _ unnumbered: BridgeMessage.Request, backend: String, timeout: Double
    ) throws(BackendError) -> Content {
        if let failure = session.failure { throw failure }
        guard let process = session.process else {
            preconditionFailure("a session without a process or failure")
        }
        session.lastRequest += 1
        var request = unnumbered
        request.id = session.lastRequest
        let answer: BridgeMessage.Answer<Content>
        do {
            let line = try JSONDocument.encode(request)
            let reply = try process.exchange(line, timeout: timeout)
            answer = try decode(reply, id: request.id)
        } catch {
            let failure =
                switch error {
                case let error as BridgeProcess.Failure:
                    Self.error(error, backend: backend, standardError: process.errorTail())
                default:
                    BackendError.bridge(
                        backend: backend,
                        problem: "the answer to '\(request.request)' makes no sense (\(error))",
                        standardError: process.errorTail(), remedy: "run Scripts/install-bridge again")
                }
            // What the process says next may answer what was asked before: it is of no use any more.
            session.failure = failure
            session.process = nil
            throw failure
        }
        if let problem = answer.error {
            throw Self.error(problem, backend: backend, job: request.job, standardError: process.errorTail())
        }
        guard let content = answer.answer else { preconditionFailure("checked when the answer was decoded") }
        return content
    }

    private struct Nonsense: Error, CustomStringConvertible { let description: String }

    private static func decode<Content>(
        _ line: [UInt8], id: Int
    ) throws -> BridgeMessage.Answer<Content> {
        let answer: BridgeMessage.Answer<Content>
        do throws(JSONDocument.Problem) {
            answer = try JSONDocument.decode(BridgeMessage.Answer<Content>.self, from: line)
        } catch {
            let text = Secrets.redacted(String(decoding: line.prefix(4000), as: UTF8.self)).prefix(80)
            throw Nonsense(description: "'\(text)': \(error.text)")
        }
        guard answer.id == id, (answer.answer == nil) != (answer.error == nil) else {
            throw Nonsense(
                description: "it is numbered \(answer.id), expected \(id) with an answer or an error")
        }
        return answer
    }

    // MARK: Errors

    private static func error(
        _ failure: BridgeProcess.Failure, backend: String, standardError: String
    ) -> BackendError {
        let (problem, remedy) =
            switch failure {
            case .start(let reason): ("the bridge cannot be started (\(reason))", BridgeInstallation.remedy)
            case .ended(let status?, _):
                (
                    "the bridge ended with exit code \(status)",
                    "run Scripts/install-bridge, then go on with --resume"
                )
            case .ended(_, let signal):
                (
                    "the bridge was ended by signal \(signal ?? 0)",
                    "see that it has enough memory, then go on with --resume"
                )
            case .silent(let seconds):
                (
                    "the bridge gave no answer within \(Int(seconds)) s",
                    "check the network and the load of this machine, then go on with --resume"
                )
            case .endless: ("the bridge wrote a line without end", "run Scripts/install-bridge again")
            }
        return .bridge(backend: backend, problem: problem, standardError: standardError, remedy: remedy)
    }

    private static func error(
        _ sent: BridgeMessage.Problem, backend: String, job: String?, standardError: String
    ) -> BackendError {
        // First without secrets, then short: half a secret would not be known for one.
        let problem = (kind: sent.kind, message: String(Secrets.redacted(sent.message).prefix(2000)))
        return switch (problem.kind, job) {
        case ("unavailable", _):
            .unavailable(
                backend: backend, reason: problem.message,
                remedy: "run Scripts/install-bridge, or choose another backend (sqsnn backend list)")
        case ("credentials", _): .credentials(backend: backend, message: problem.message)
        case ("network", _): .network(backend: backend, message: problem.message)
        case ("unknown_job", let job?): .unknownJob(backend: backend, job: job)
        case ("job", _), ("unknown_job", nil): .job(backend: backend, job: job, message: problem.message)
        default:
            .bridge(
                backend: backend, problem: "\(problem.kind): \(problem.message)",
                standardError: standardError,
                remedy: "run Scripts/install-bridge of the same version of \(Software.name)")
        }
    }
}
