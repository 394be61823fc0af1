import Compute
import Neurons
import QuantumCircuits

/// A variational quantum classifier between two classical layers, the QNN of arXiv:2506.21324's comparison.
///
/// A classical layer gives an angle for every qubit; circuits of n qubits side by side take one angle a qubit, are trained, and are told by the
/// expectation values ⟨Z⟩ of their qubits, which a classical layer reads out:
///
///     φ = π (W x + b),   q_i = ⟨φ| V(θ)† Z_i V(θ) |φ⟩,   logits = W' q + b'
///
/// x are intensities from 0 to 1, all at once: there is no time and no spike, and nothing is drawn at random.
public struct QNN: Sendable, Hashable, Codable {
    /// The word of files and command lines.
    public static let kind = "qnn"

    /// How an angle enters its qubit.
    public enum Embedding: String, Sendable, Hashable, Codable, CaseIterable {
        case rotationX = "x"
        case rotationY = "y"
        /// RZ after a Hadamard gate; of |0⟩ alone, RZ changes nothing.
        case rotationZ = "z"
    }

    /// A layer of the trained circuit.
    public enum Entangler: String, Sendable, Hashable, Codable, CaseIterable {
        /// RX on every qubit, then CNOTs in a ring: PennyLane's `BasicEntanglerLayers`.
        case basic
        /// RZ, RY, RZ on every qubit, then CNOTs between qubits whose distance grows from layer to layer (Schuld et al. 2020): PennyLane's
        /// `StronglyEntanglingLayers`.
        case strong

        /// Angles of each qubit and layer.
        var anglesPerQubit: Int { self == .basic ? 1 : 3 }
    }

    /// n
    public let qubitCount: Int
    public private(set) var circuitCount: Int
    public let layerCount: Int
    public let embedding: Embedding
    public let entangler: Entangler

    public static let qubitCounts = 1...10
    public static let circuitCounts = 1...65536
    public static let layerCounts = 1...100
    /// Angles of the classical layer at most.
    static let largestWidth = 65536

    /// - Throws: `NeuronError/input(place:problem:)` for numbers out of range.
    public init(
        qubits: Int = 4, circuits: Int = 250, layers: Int = 2, embedding: Embedding = .rotationY,
        entangler: Entangler = .strong
    ) throws(NeuronError) {
        let counts = [
            ("qubits", qubits, Self.qubitCounts), ("circuits", circuits, Self.circuitCounts),
            ("layers", layers, Self.layerCounts),
        ]
        for (name, found, range) in counts where !range.contains(found) {
            throw .input(
                place: name,
                problem: "found \(found), expected \(range.lowerBound) to \(range.upperBound)")
        }
        guard qubits * circuits <= Self.largestWidth else {
            throw .input(
                place: "circuits",
                problem:
                    "found \(circuits) of \(qubits) qubits, expected at most \(Self.largestWidth) qubits in all"
            )
        }
        (qubitCount, circuitCount, layerCount) = (qubits, circuits, layers)
        (self.embedding, self.entangler) = (embedding, entangler)
    }

    /// As many circuits of so many qubits as there can be.
    package var possibleCircuitCounts: ClosedRange<Int> { 1...Self.largestWidth / qubitCount }

    /// The same with so many circuits, one of ``possibleCircuitCounts``.
    package func withCircuits(_ count: Int) -> QNN {
        precondition(possibleCircuitCounts.contains(count), "no QNN has \(count) circuits")
        var changed = self
        changed.circuitCount = count
        return changed
    }

    /// Outputs of the first classical layer, and inputs of the last: one a qubit.
    public var width: Int { qubitCount * circuitCount }

    /// Trainable angles of one circuit.
    public var anglesPerCircuit: Int { layerCount * qubitCount * entangler.anglesPerQubit }

    /// Trainable numbers: of both classical layers with their constants, and angles.
    public func parameterCount(inputCount: Int, classCount: Int) -> Int {
        (inputCount + 1) * width + circuitCount * anglesPerCircuit + (width + 1) * classCount
    }

    public var title: String {
        "\(Self.kind) (\(circuitCount) × \(qubitCount) qubits, \(layerCount) \(entangler.rawValue) layer"
            + (layerCount == 1 ? ")" : "s)")
    }

    public static let settings = [
        ModelSetting("qubits", "N", "Qubits of a circuit, 1 to 10.", default: "4"),
        ModelSetting("circuits", "C", "Circuits side by side.", default: "250"),
        ModelSetting("layers", "L", "Layers of a circuit.", default: "2"),
        ModelSetting(
            "embedding", Embedding.allCases.map(\.rawValue).joined(separator: "|"),
            "Rotation by which an angle enters its qubit.", default: Embedding.rotationY.rawValue),
        ModelSetting(
            "entangler", Entangler.allCases.map(\.rawValue).joined(separator: "|"), "Layers of the circuit.",
            default: Entangler.strong.rawValue),
    ]
}

extension QNN {
    private enum CodingKeys: CodingKey { case qubits, circuits, layers, embedding, entangler }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let standard = try QNN()
        let (qubits, circuits, layers) = (
            try container.decodeIfPresent(Int.self, forKey: .qubits) ?? standard.qubitCount,
            try container.decodeIfPresent(Int.self, forKey: .circuits) ?? standard.circuitCount,
            try container.decodeIfPresent(Int.self, forKey: .layers) ?? standard.layerCount
        )
        let embedding =
            try container.decodeIfPresent(Embedding.self, forKey: .embedding) ?? standard.embedding
        let entangler =
            try container.decodeIfPresent(Entangler.self, forKey: .entangler) ?? standard.entangler
        do {
            try self.init(
                qubits: qubits, circuits: circuits, layers: layers, embedding: embedding, entangler: entangler
            )
        } catch {
            guard case .input(let place, let problem) = error,
                let key = CodingKeys(stringValue: place)
            else { throw error }
            throw DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: problem)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(qubitCount, forKey: .qubits)
        try container.encode(circuitCount, forKey: .circuits)
        try container.encode(layerCount, forKey: .layers)
        try container.encode(embedding, forKey: .embedding)
        try container.encode(entangler, forKey: .entangler)
    }
}
