import Compute
import DeviceNoise
import FoundationEssentials
import QuantumCircuits
import Synchronization

/// The simulator of this package: exact dynamics with or without a device's noise, counts drawn from it.
///
/// Each shot follows its own spikes: the memory's density matrix is carried from step to step, conditional on what was read. Shots
/// with the same history so far share the work. Counts depend on the batch alone (its content, name and seed), not on
/// the number of threads, nor on when or where they are computed. So a job needs no keeping: its answer is computed anew.
public struct BuiltInSimulator: CircuitBackend {
    public let name: String
    public let noise: NoiseModel
    private let parallelism: Parallelism

    public var keepsJobs: Bool { false }

    /// - Parameters:
    ///   - noise: of the device that is imitated; none for the ideal simulator.
    ///   - name: what the backend is called.
    ///   - parallelism: without effect on the counts.
    public init(
        noise: NoiseModel = .none, name: String,
        parallelism: Parallelism = Parallelism(threadCount: ProcessInfo.processInfo.activeProcessorCount)
    ) {
        self.noise = noise
        self.name = name
        self.parallelism = parallelism
    }

    /// A perfect device, called `ideal`.
    public static var ideal: BuiltInSimulator { BuiltInSimulator(name: "ideal") }

    /// Of density matrices: 4⁶ numbers.
    public static let maximumQubitCount = 6

    public func submit(_ batch: CircuitBatch) throws(BackendError) -> String {
        for (index, task) in batch.tasks.enumerated() {
            let circuit = task.neuron.circuit
            guard circuit.qubitCount <= Self.maximumQubitCount else {
                throw .task(
                    place: "tasks[\(index)]",
                    problem: "circuit '\(circuit.name)' has \(circuit.qubitCount) qubits, expected at most "
                        + "\(Self.maximumQubitCount) on backend \(name)")
            }
            do {
                try noise.check(circuit)
            } catch {
                throw .task(place: "tasks[\(index)]", problem: error.description)
            }
        }
        return "local-" + batch.digest.prefix(16)
    }

    public func job(of batch: CircuitBatch) -> String? { nil }

    public func poll(
        _ job: String, of batch: CircuitBatch, waiting duration: Duration
    ) throws(BackendError) -> JobState {
        var counts: [[SpikeCounts]] = []
        var firstSet = 0
        for (index, task) in batch.tasks.enumerated() {
            do throws(ShotSampler.NotFinite) {
                counts.append(try self.counts(of: task, firstSet: firstSet, seed: batch.randomSeed))
            } catch {
                throw .task(
                    place: "tasks[\(index)]",
                    problem:
                        "a probability came out as no finite number; take smaller angles, currents or noise")
            }
            firstSet += task.parameterSets.count
        }
        try batch.check(counts, from: name, job: job)
        return .finished(counts)
    }

    /// - Parameter firstSet: number of the task's first set in the batch, part of the address of its random numbers.
    private func counts(
        of task: CircuitTask, firstSet: Int, seed: UInt64
    ) throws(ShotSampler.NotFinite) -> [SpikeCounts] {
        let setsPerPart = 64
        let partCount = (task.parameterSets.count + setsPerPart - 1) / setsPerPart
        let program = ShotProgram(task.neuron, noise: noise)
        let random = RandomStream(seed: seed, purpose: .shot)
        let parts = Parts(count: partCount)
        parallelism.forEach(partCount) { part, _ in
            let sets = task.parameterSets.indices.dropFirst(part * setsPerPart).prefix(setsPerPart)
            var sampler = ShotSampler(program, shots: task.shots)
            // A part that cannot be drawn stays without its counts.
            let counts = try? sets.map { set throws(ShotSampler.NotFinite) in
                try sampler.counts(task.parameterSets[set], set: firstSet + set, random: random)
            }
            if let counts { parts.set(part, counts) }
        }
        guard let counts = parts.joined() else { throw ShotSampler.NotFinite() }
        return counts
    }

    /// Answers of the parts of a task, whichever thread they come from.
    private final class Parts: Sendable {
        private let parts: Mutex<[[SpikeCounts]?]>

        init(count: Int) { parts = Mutex([[SpikeCounts]?](repeating: nil, count: count)) }

        func set(_ part: Int, _ counts: [SpikeCounts]) { parts.withLock { $0[part] = counts } }
        /// Nil where a part is missing.
        func joined() -> [SpikeCounts]? {
            parts.withLock { parts in
                let found = parts.compactMap(\.self)
                return found.count == parts.count ? found.flatMap(\.self) : nil
            }
        }
    }
}
