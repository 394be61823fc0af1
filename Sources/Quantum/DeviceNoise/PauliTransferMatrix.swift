import QuantumCircuits

/// A linear map of density matrices of one or two qubits, in the Pauli basis:
///
///     R_ij = tr(P_i E(P_j)) / 2^k,   P = 1, X, Y, Z  (and their products, the first qubit the more significant),
///
/// so that the Pauli coefficients r_i = tr(P_i ρ) of a state become R r. Real, `4^k × 4^k`; every gate and every noise is one,
/// and one after the other is a product. (Greenbaum, arXiv:1509.02921, section 2.)
public struct PauliTransferMatrix: Hashable, Sendable {
    /// k, 1 or 2.
    public let qubitCount: Int
    /// R, row after row.
    public private(set) var entries: [Double]

    /// Rows, 4^k.
    public var dimension: Int { 1 << (2 * qubitCount) }

    public init(qubitCount: Int, entries: [Double]) {
        precondition((1...2).contains(qubitCount), "transfer matrices are of one or two qubits")
        precondition(entries.count == 1 << (4 * qubitCount), "the entries are not 4^k rows of 4^k")
        self.qubitCount = qubitCount
        self.entries = entries
    }

    /// The map ρ → Σ K ρ K†.
    ///
    /// - Parameter operators: K, `2^k × 2^k` each.
    public init(krausOperators operators: [ComplexMatrix], qubitCount: Int) {
        let basis = Pauli.basis(qubitCount: qubitCount)
        let columns = basis.map { pauli in
            operators.reduce(ComplexMatrix(rowCount: 1 << qubitCount, columnCount: 1 << qubitCount)) {
                $0 + $1 * pauli * $1.adjoint
            }
        }
        let scale = 1 / Double(1 << qubitCount)
        self.init(
            qubitCount: qubitCount,
            entries: basis.flatMap { row in columns.map { scale * (row * $0).trace.real } })
    }

    /// The map ρ → U ρ U† of a gate.
    public init(unitary: ComplexMatrix) {
        self.init(krausOperators: [unitary], qubitCount: unitary.rowCount == 2 ? 1 : 2)
    }

    /// A map that keeps every Pauli matrix up to a factor; factors in the order of the basis.
    public init(diagonal factors: [Double]) {
        self.init(
            qubitCount: factors.count == 4 ? 1 : 2,
            entries: factors.indices.flatMap { row in
                factors.indices.map { $0 == row ? factors[row] : 0 }
            })
    }

    public static func identity(qubitCount: Int) -> PauliTransferMatrix {
        PauliTransferMatrix(diagonal: [Double](repeating: 1, count: 1 << (2 * qubitCount)))
    }

    @inlinable
    public subscript(row: Int, column: Int) -> Double { entries[row * dimension + column] }

    /// `left` after `right`.
    public static func * (left: PauliTransferMatrix, right: PauliTransferMatrix) -> PauliTransferMatrix {
        precondition(left.qubitCount == right.qubitCount, "the maps act on different numbers of qubits")
        let size = left.dimension
        var product = PauliTransferMatrix(
            qubitCount: left.qubitCount, entries: [Double](repeating: 0, count: size * size))
        for row in 0..<size {
            for inner in 0..<size where left[row, inner] != 0 {
                for column in 0..<size {
                    product.entries[row * size + column] += left[row, inner] * right[inner, column]
                }
            }
        }
        return product
    }

    /// Both maps side by side: this one on the first qubit, the other on the second.
    public func tensor(_ second: PauliTransferMatrix) -> PauliTransferMatrix {
        precondition(
            qubitCount == 1 && second.qubitCount == 1, "only two one-qubit maps make a two-qubit map")
        return PauliTransferMatrix(
            qubitCount: 2,
            entries: (0..<16).flatMap { row in
                (0..<16).map { self[row / 4, $0 / 4] * second[row % 4, $0 % 4] }
            })
    }

    /// Whether the map changes nothing at all.
    public var isIdentity: Bool { self == .identity(qubitCount: qubitCount) }
}
