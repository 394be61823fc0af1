import Files
import QuantumCircuits

/// Work that goes to a backend at once and is answered at once.
public struct CircuitBatch: Sendable {
    /// Tells the batch apart from others of the same run, as in `epoch 2, sample 17`: two batches of a run that ask for the same
    /// circuits are two experiments, and must have different names.
    public let name: String
    public let tasks: [CircuitTask]
    /// Of the random numbers of simulators; devices take their own.
    public let seed: UInt64
    /// SHA-256 of everything above, 64 hexadecimal digits.
    public let digest: String

    public static let maximumNameLength = 200

    /// - Throws: ``BackendError/task(place:problem:)`` for no tasks, or a name that is empty, too long or has line breaks.
    public init(name: String, tasks: [CircuitTask], seed: UInt64) throws(BackendError) {
        guard !tasks.isEmpty else {
            throw .task(place: "tasks", problem: "found none, expected at least one")
        }
        guard (1...Self.maximumNameLength).contains(name.count), !name.contains(where: \.isNewline) else {
            throw .task(
                place: "batch name",
                problem: "found '\(name)', expected one line of 1 to \(Self.maximumNameLength) characters")
        }
        self.name = name
        self.tasks = tasks
        self.seed = seed
        digest = Self.digest(name: name, tasks: tasks, seed: seed)
    }

    public var setCount: Int { tasks.reduce(0) { $0 + $1.parameterSets.count } }

    /// Shots of all sets of all tasks: what a device is paid for.
    public var shotCount: Int { tasks.reduce(0) { $0 + $1.parameterSets.count * $1.shots } }

    /// The first word of the digest: random numbers of simulators, so that no two batches share any.
    var randomSeed: UInt64 { UInt64(digest.prefix(16), radix: 16) ?? seed }

    private static func digest(name: String, tasks: [CircuitTask], seed: UInt64) -> String {
        var hasher = SHA256Hasher()
        func number(_ value: Int) -> [UInt8] { bytes(UInt64(bitPattern: Int64(value))) }
        func bytes(_ value: UInt64) -> [UInt8] {
            (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        func text(_ value: String) -> [UInt8] { number(value.utf8.count) + Array(value.utf8) }
        var texts: [Circuit: [UInt8]] = [:]
        hasher.update(Array("sqsnn.batch/1\n".utf8) + text(name) + bytes(seed) + number(tasks.count))
        for task in tasks {
            let circuit = task.neuron.circuit
            let known = texts[circuit] ?? text(description(circuit))
            texts[circuit] = known
            hasher.update(known + number(task.neuron.stepCount) + number(task.shots))
            hasher.update(number(task.parameterSets.count))
            for set in task.parameterSets { hasher.update(set.flatMap { bytes($0.bitPattern) }) }
        }
        return hasher.finalize()
    }

    /// Everything of a circuit that its answers depend on.
    private static func description(_ circuit: Circuit) -> String {
        let gates = circuit.gates.map { gate -> String in
            let matrix = if case .unitary(let matrix) = gate.kind { "\(matrix.matrix.elements)" } else { "" }
            return "\(gate.kind.name) \(gate.qubits) \(gate.angle) \(matrix)"
        }
        let head = "\(circuit.ioQubits) \(circuit.memoryQubits) \(circuit.parameterCount)"
        return ([head] + gates).joined(separator: "\n")
    }
}
