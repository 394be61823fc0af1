import Foundation
import TestSupport
import Testing

@testable import QuantumBackends

/// The bridge with a runtime that follows a script (`Tests/FakeRuntime`), in a plain Python, and with programs that are no bridge at all.
final class QiskitBridgeTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "sqsnn-\(UUID().uuidString)")
        .path
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func bridge(
        fault: String = "", modules: String = "installed", timeouts: QiskitBridge.Timeouts = .init()
    ) throws -> QiskitBridge {
        let installation = BridgeInstallation(
            python: "/usr/bin/env",
            environment: [
                "PYTHONPATH": "\(Self.root)/Tests/FakeRuntime/\(modules):\(Self.root)/python",
                "PYTHONDONTWRITEBYTECODE": "1", "FAKE_RUNTIME_FOLDER": folder, "FAKE_RUNTIME_FAULT": fault,
                "QISKIT_IBM_TOKEN": "a-token-of-no-account",
            ], arguments: ["python3"])
        return try QiskitBridge("ibm:fake", installation: installation, timeouts: timeouts)
    }

    /// A program in place of Python.
    private func bridge(script: String, timeouts: QiskitBridge.Timeouts = .init()) throws -> QiskitBridge {
        let path = folder + "/python"
        try writeProgram("#!/bin/sh\n\(script)\n", to: path)
        return try QiskitBridge(
            "aer", installation: BridgeInstallation(python: path), timeouts: timeouts)
    }

    private var jobCount: Int {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder).count { $0.hasPrefix("job-") }
        }
    }

    /// What the fake runtime answers: the only spike of set k at bit k.
    private func expected(_ batch: CircuitBatch) -> [[SpikeCounts]] {
        batch.tasks.map { task in
            let bits = task.neuron.stepCount * task.neuron.channelCount
            return task.parameterSets.indices.map { set in
                let text = String(
                    (0..<bits).map { $0 == set % bits ? Character("1") : "0" })
                let history = SpikeHistory(
                    text, stepCount: task.neuron.stepCount, channelCount: task.neuron.channelCount)
                return SpikeCounts(history.map { [.init(history: $0, count: task.shots)] } ?? [])
            }
        }
    }

    private func failure(_ work: () throws -> Void) -> BackendError? {
        do {
            try work()
            return nil
        } catch {
            return error as? BackendError
        }
    }

    private var policy: RetryPolicy {
        var policy = RetryPolicy()
        policy.firstDelay = .milliseconds(1)
        policy.attempts = 3
        policy.pollInterval = .milliseconds(1)
        return policy
    }

    private func journal() throws -> JobJournal {
        try JobJournal(path: folder + "/journal", backend: "ibm:fake", resuming: true)
    }

    /// Two circuits, so that tasks and channels cannot be mixed up.
    private func twoTasks() throws -> CircuitBatch {
        let one = try Examples.neuron(stepCount: 3)
        let two = try Examples.neuron(ioQubits: 2, stepCount: 2)
        return try CircuitBatch(
            name: "two tasks",
            tasks: [
                CircuitTask(
                    one, parameterSets: (0..<5).map { Examples.numbers(one.parameterCount, seed: $0) },
                    shots: 7),
                CircuitTask(
                    two, parameterSets: (0..<4).map { Examples.numbers(two.parameterCount, seed: $0) },
                    shots: 3),
            ], seed: 1)
    }

    @Test("a batch is one job, and its counts come back step by step and channel by channel")
    func works() throws {
        let backend = try bridge()
        #expect(backend.keepsJobs && backend.versions["qiskit-ibm-runtime"] == "0.51.0")
        let batch = try twoTasks()
        #expect(try backend.job(of: batch) == nil)
        #expect(try backend.run(batch) == expected(batch))
        #expect(try jobCount == 1)
        #expect(try backend.job(of: batch) == "job-0")
    }

    @Test(
        "a bridge that is killed is an error that shows its last words; the job is collected by the next one",
        arguments: ["killed-submitting", "killed-polling"])
    func killed(fault: String) throws {
        let batch = try twoTasks()
        do {
            let backend = try bridge(fault: fault)
            let error = failure { _ = try self.journal().run(batch, on: backend, policy: policy) }
            guard case .bridge(_, let problem, let standardError, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(problem == "the bridge was ended by signal 9")
            #expect(standardError.hasPrefix("killed"))
            // The process is gone, and every further call says so.
            #expect(failure { _ = try backend.submit(batch) } == error)
        }
        #expect(try self.journal().run(batch, on: bridge(fault: fault), policy: policy) == expected(batch))
        #expect(try jobCount == 1)
    }

    @Test(
        "errors of the network and of servers are tried again; what was handed over is found, not paid twice",
        arguments: ["server-submitting", "lost-submitting", "server-polling"])
    func transient(fault: String) throws {
        let batch = try twoTasks()
        let counts = try self.journal().run(batch, on: bridge(fault: fault), policy: policy)
        #expect(counts == expected(batch))
        #expect(try jobCount == 1)
    }

    @Test(
        "incomplete answers are refused, never filled in",
        arguments: [
            ("partial-shots", "task 0, set 0: the counts add up to 6 shots, expected 7"),
            ("partial-sets", "task 0: found the counts of 4 parameter sets, expected 5"),
            ("partial-tasks", "found the counts of 1 tasks, expected 2"),
            ("wrong-bits", "task 0, set 0: found 7 times '00', expected 1 to 7 times 3 digits 0 and 1"),
        ])
    func partial(fault: String, problem: String) throws {
        let backend = try bridge(fault: fault)
        let journal = try journal()
        let error = failure { _ = try journal.run(twoTasks(), on: backend, policy: policy) }
        #expect(error == .counts(backend: "ibm:fake", job: "job-0", problem: problem))
        #expect(journal.answeredBatches == 0)
    }

    @Test("counts that no sum holds are refused before they are added up")
    func countOverflow() throws {
        let batch = try Examples.batch(stepCount: 1, setCount: 1, shots: 5)
        #expect(
            throws: BackendError.counts(
                backend: "x", job: "j",
                problem:
                    "task 0, set 0: found 9223372036854775807 times '0', expected 1 to 5 times 1 digits 0 and 1"
            )
        ) { try batch.counts(from: [[["0": .max]]], backend: "x", job: "j") }
        // Each fits, and the two do not fit together.
        let both = try batch.counts(from: [[["0": 5, "1": 5]]], backend: "x", job: "j")
        #expect(throws: BackendError.self) { try batch.check(both, from: "x", job: "j") }
        #expect(throws: BackendError.self) {
            try batch.counts(from: [[["0": .max, "1": .max]]], backend: "x", job: "j")
        }
    }

    @Test("what a bridge writes is shown without the secrets in it, also where it is cut off")
    func secrets() throws {
        let script =
            "echo 'proxy https://ann:hunter2@proxy.example:3128 refused' >&2; echo 'token=Zm9vYmFyYmF6MTIzNDU2' >&2; "
            + "for i in $(seq 300); do printf 'word%s ' $i >&2; done; printf 'https://u:%0800d@h' 7 >&2; exit 3"
        let error = try #require(failure { _ = try self.bridge(script: script) })
        #expect(error.description.contains("https://***@h"))
        #expect(!error.description.contains("0000007"))
        let short = try #require(
            failure {
                _ = try self.bridge(
                    script: "echo 'GET https://ann:hunter2@h/x?token=abc123 failed' >&2; exit 3")
            })
        #expect(
            short.description
                == "aer: the bridge ended with exit code 3; run Scripts/install-bridge, then go on with --resume; "
                + "the bridge wrote: GET https://***@h/x?token=*** failed")
    }

    @Test("rejected credentials are said to be so, without showing them")
    func credentials() throws {
        let error = failure { _ = try self.bridge(fault: "credentials") }
        #expect(
            error
                == .credentials(backend: "ibm:fake", message: "IBMNotAuthorizedError: token *** is not valid")
        )
        #expect(error?.description.contains("save_account") == true)
    }

    @Test("a job that stays in the queue is left there when the time is over")
    func queue() throws {
        var impatient = policy
        impatient.queueTimeout = .milliseconds(50)
        let error = failure {
            _ = try self.journal().run(twoTasks(), on: bridge(fault: "queue"), policy: impatient)
        }
        guard case .queue(_, "job-0", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let batch = try twoTasks()
        #expect(try self.journal().run(batch, on: bridge(), policy: policy) == expected(batch))
        #expect(try jobCount == 1)
    }

    @Test("a job that was cancelled is an error with its reason; a job that does not exist is another")
    func failedJob() throws {
        let error = failure {
            _ = try self.journal().run(twoTasks(), on: bridge(fault: "cancelled"), policy: policy)
        }
        #expect(
            error
                == .job(
                    backend: "ibm:fake", job: "job-0", message: "cancelled: the fake device is out of helium")
        )
        let batch = try twoTasks()
        let unknown = failure { _ = try self.bridge().poll("job-99", of: batch, waiting: .zero) }
        #expect(unknown == .unknownJob(backend: "ibm:fake", job: "job-99"))
    }

    @Test("without Qiskit the message says so and what to run")
    func missing() throws {
        let error = failure { _ = try self.bridge(modules: "missing") }
        #expect(
            error
                == .unavailable(
                    backend: "ibm:fake", reason: "ModuleNotFoundError: No module named 'qiskit'",
                    remedy: "run Scripts/install-bridge, or choose another backend (sqsnn backend list)"))
    }

    @Test("without an installation the message names what was looked for")
    func notInstalled() {
        let error = failure {
            _ = try BridgeInstallation.find(for: "aer", environment: ["SQSNN_BRIDGE": "/nowhere"])
        }
        #expect(
            error
                == .unavailable(
                    backend: "aer", reason: "the bridge to Qiskit is not installed (no /nowhere/bin/python)",
                    remedy: "run Scripts/install-bridge, or name its folder in SQSNN_BRIDGE"))
    }

    @Test("a program that is no bridge is told apart: rubbish, silence, another version, a number too many")
    func noBridge() throws {
        var hasty = QiskitBridge.Timeouts()
        hasty.hello = 0.3
        let cases: [(script: String, problem: String)] = [
            ("echo oops >&2; read line; echo nonsense", "the answer to 'hello' makes no sense"),
            ("echo oops >&2; exit 3", "the bridge ended with exit code 3"),
            ("echo oops >&2; sleep 5", "the bridge gave no answer within 0 s"),
            (
                "echo oops >&2; read line; echo '{\"id\": 7, \"answer\": {\"protocol\": 1, \"bridge\": \"1\", \"versions\": {}}}'",
                "the answer to 'hello' makes no sense"
            ),
            (
                "read line; echo '{\"id\": 1, \"answer\": {\"protocol\": 2, \"bridge\": \"9.0\", \"versions\": {}}}'",
                "the bridge that is installed is version 9.0 and speaks protocol 2, expected 1"
            ),
        ]
        for (script, expected) in cases {
            let timeouts = script.contains("sleep") ? hasty : QiskitBridge.Timeouts()
            let error = failure { _ = try self.bridge(script: script, timeouts: timeouts) }
            guard case .bridge(_, let problem, let standardError, let remedy) = error else {
                Issue.record("\(script): \(String(describing: error))")
                continue
            }
            #expect(problem.hasPrefix(expected), "\(script): \(problem)")
            #expect(!script.contains("oops") || standardError == "oops", "\(script): \(standardError)")
            #expect(!remedy.isEmpty)
        }
        let error = failure {
            _ = try QiskitBridge("aer", installation: BridgeInstallation(python: "/nowhere/python"))
        }
        guard case .bridge(_, "the bridge cannot be started (No such file or directory)", _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
