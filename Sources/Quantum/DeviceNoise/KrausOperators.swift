import QuantumCircuits

/// Kraus operators of a map that keeps the trace, Σ K†K = 1, of one or two qubits.
public struct KrausOperators: Hashable, Sendable {
    /// How far Σ K†K may be from 1, in its worst element.
    public static let tolerance = 1e-9

    public let matrices: [ComplexMatrix]

    /// k, 1 or 2.
    public var qubitCount: Int { matrices[0].rowCount == 2 ? 1 : 2 }

    /// - Throws: ``NoiseError/kraus(problem:)`` unless there is an operator, all are 2 × 2 or all 4 × 4, and Σ K†K = 1
    ///   within ``tolerance``.
    public init(_ matrices: [ComplexMatrix]) throws(NoiseError) {
        if let problem = Self.problem(with: matrices) { throw .kraus(problem: problem) }
        self.matrices = matrices
    }

    /// Operators known to keep the trace.
    init(checked matrices: [ComplexMatrix]) { self.matrices = matrices }

    /// What keeps matrices from being the Kraus operators of a channel, with the number that is off; nil if nothing.
    static func problem(with matrices: [ComplexMatrix]) -> String? {
        guard let first = matrices.first else { return "found no operators, expected at least 1" }
        let size = first.rowCount
        for (index, matrix) in matrices.enumerated() {
            guard matrix.rowCount == matrix.columnCount, [2, 4].contains(matrix.rowCount) else {
                return "operator \(index) is \(matrix.rowCount) × \(matrix.columnCount), "
                    + "expected 2 × 2 or 4 × 4"
            }
            guard matrix.rowCount == size else {
                return "operator \(index) is \(matrix.rowCount) × \(matrix.rowCount), "
                    + "expected \(size) × \(size) as the first"
            }
        }
        let sum = matrices.reduce(ComplexMatrix(rowCount: size, columnCount: size)) { $0 + $1.adjoint * $1 }
        let worst = sum.farthestFromIdentity
        guard worst.distance <= tolerance else {
            return
                "Σ K†K differs from 1 by \(worst.distance) at [\(worst.row)][\(worst.column)], expected at most "
                + "\(tolerance): the set does not keep the trace"
        }
        return nil
    }

    /// The map applied `factor` times: E^n ((1 − r) 1 + r E) with n + r = factor, 0 ≤ r < 1.
    func repeated(_ factor: Double) -> KrausOperators {
        let whole = factor.rounded(.down)
        let rest = factor - whole
        let map = PauliTransferMatrix(krausOperators: matrices, qubitCount: qubitCount)
        let identity = PauliTransferMatrix.identity(qubitCount: qubitCount)
        var result = PauliTransferMatrix(
            qubitCount: qubitCount,
            entries: zip(identity.entries, map.entries).map { (1 - rest) * $0 + rest * $1 })
        for _ in 0..<Int(whole) { result = map * result }
        return KrausOperators(checked: result.krausOperators)
    }
}
