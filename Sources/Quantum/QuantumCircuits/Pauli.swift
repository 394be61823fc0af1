/// The Pauli matrices, and the projectors onto the basis states of one qubit.
public enum Pauli {
    public static let x = ComplexMatrix([[.zero, .one], [.one, .zero]])
    public static let y = ComplexMatrix([[.zero, -.i], [.i, .zero]])
    public static let z = ComplexMatrix([[.one, .zero], [.zero, -.one]])

    /// |0⟩⟨0| or |1⟩⟨1|.
    public static func projector(onto bit: Int) -> ComplexMatrix {
        var projector = ComplexMatrix(rowCount: 2, columnCount: 2)
        projector[bit, bit] = .one
        return projector
    }

    /// All products of 1, X, Y, Z over some qubits, the first qubit the more significant: the order of a
    /// `PauliTransferMatrix`.
    public static func basis(qubitCount: Int) -> [ComplexMatrix] {
        (0..<qubitCount).reduce([ComplexMatrix.identity(1)]) { products, _ in
            products.flatMap { product in [.identity(2), x, y, z].map { product.tensor($0) } }
        }
    }
}
