import Glibc

extension GateKind {
    /// The gate's matrix, 2 × 2 or 4 × 4; the first qubit is the more significant bit of the index.
    ///
    /// - Parameter angle: in radians; without effect on gates that take none.
    public func matrix(angle: Double = 0) -> ComplexMatrix {
        switch self {
        case .h: 0.5.squareRoot() * ComplexMatrix([[.one, .one], [.one, -.one]])
        case .x: Pauli.x
        case .cx: Self.controlled(Pauli.x, otherwise: .one)
        case .cz: Self.controlled(Pauli.z, otherwise: .one)
        case .rx, .ry, .rz, .rxx, .ryy, .rzz: Self.rotation(about: generator, by: angle)
        case .crx, .cry, .crz:
            Self.controlled(Self.rotation(about: generator, by: angle), otherwise: .one)
        case .unitary(let matrix): matrix.matrix
        }
    }

    /// The derivative of ``matrix(angle:)`` with respect to the angle; zero for gates that take none.
    public func matrixDerivative(angle: Double) -> ComplexMatrix {
        switch self {
        case .h, .x, .cx, .cz, .unitary:
            ComplexMatrix(rowCount: 1 << qubitCount, columnCount: 1 << qubitCount)
        case .rx, .ry, .rz, .rxx, .ryy, .rzz: Self.rotationDerivative(about: generator, by: angle)
        case .crx, .cry, .crz:
            Self.controlled(Self.rotationDerivative(about: generator, by: angle), otherwise: .zero)
        }
    }

    /// What a rotation's target turns about: a product G of Pauli matrices, so that G² = 1.
    private var generator: ComplexMatrix {
        switch self {
        case .rx, .crx, .x, .cx: Pauli.x
        case .ry, .cry: Pauli.y
        case .rz, .crz, .cz, .h, .unitary: Pauli.z
        case .rxx: Pauli.x.tensor(Pauli.x)
        case .ryy: Pauli.y.tensor(Pauli.y)
        case .rzz: Pauli.z.tensor(Pauli.z)
        }
    }

    /// exp(−i a G/2) = cos(a/2) − i sin(a/2) G.
    private static func rotation(about generator: ComplexMatrix, by angle: Double) -> ComplexMatrix {
        cos(angle / 2) * ComplexMatrix.identity(generator.rowCount) - sin(angle / 2) * Complex.i * generator
    }

    /// d/da exp(−i a G/2) = −½ sin(a/2) − ½ i cos(a/2) G.
    private static func rotationDerivative(
        about generator: ComplexMatrix, by angle: Double
    ) -> ComplexMatrix {
        -0.5 * sin(angle / 2) * ComplexMatrix.identity(generator.rowCount) - 0.5 * cos(angle / 2)
            * Complex.i * generator
    }

    /// |0⟩⟨0| ⊗ (`idle` · 1) + |1⟩⟨1| ⊗ `target`.
    private static func controlled(_ target: ComplexMatrix, otherwise idle: Complex) -> ComplexMatrix {
        Pauli.projector(onto: 0).tensor(idle * .identity(2)) + Pauli.projector(onto: 1).tensor(target)
    }
}
