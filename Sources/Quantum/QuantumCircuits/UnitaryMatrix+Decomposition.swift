import Glibc

/// A given matrix in named gates, for languages that take no matrices.
extension Gate {
    /// Gates with names that do what this one does, up to a global phase, which no measurement sees: the gate itself,
    /// or for a given matrix at most 30 of `rz`, `ry`, `crz`, `cry`, `x`, `rzz`.
    public var named: [Gate] {
        guard case .unitary(let unitary) = kind else { return [self] }
        return qubits.count == 1
            ? EulerAngles(unitary.matrix).gates(on: qubits)
            : Self.twoLevelDecomposition(unitary.matrix, qubits)
    }

    /// U = G₁† … G_k† D, with D diagonal and each G a rotation of two basis states that differ in one bit, which makes one element
    /// zero (Nielsen and Chuang, section 4.5.1, along a Gray code).
    private static func twoLevelDecomposition(_ matrix: ComplexMatrix, _ qubits: [Int]) -> [Gate] {
        let gray = [0b00, 0b01, 0b11, 0b10]
        var rest = matrix
        var rotations: [[Gate]] = []
        for column in 0..<3 {
            for place in (column + 1..<4).reversed() {
                let (upper, lower) = (gray[place - 1], gray[place])
                let (x, y) = (rest[upper, gray[column]], rest[lower, gray[column]])
                let length = (x.squaredMagnitude + y.squaredMagnitude).squareRoot()
                // Zero but for rounding: there is nothing to rotate away.
                guard y.squaredMagnitude > 1e-30 else { continue }
                let scale = 1 / length
                for index in 0..<4 {
                    let (above, below) = (rest[upper, index], rest[lower, index])
                    rest[upper, index] = scale * (x.conjugate * above + y.conjugate * below)
                    rest[lower, index] = scale * (x * below - y * above)
                }
                let inverse = ComplexMatrix([
                    [scale * x, -scale * y.conjugate], [scale * y, scale * x.conjugate],
                ])
                rotations.append(twoLevel(inverse, upper, lower, qubits))
            }
        }
        return diagonal(rest, qubits) + rotations.reversed().flatMap { $0 }
    }

    /// A matrix of determinant 1 on two basis states that differ in one bit: controlled by the other bit.
    private static func twoLevel(
        _ matrix: ComplexMatrix, _ upper: Int, _ lower: Int, _ qubits: [Int]
    ) -> [Gate] {
        let isFirstQubit = upper ^ lower == 0b10
        let (target, control) = isFirstQubit ? (qubits[0], qubits[1]) : (qubits[1], qubits[0])
        let controlBit = isFirstQubit ? 0b01 : 0b10
        let ordered =
            upper < lower
            ? matrix : ComplexMatrix([[matrix[1, 1], matrix[1, 0]], [matrix[0, 1], matrix[0, 0]]])
        let gates = EulerAngles(ordered).gates(on: [control, target])
        guard upper & controlBit == 0 else { return gates }
        let flip = Gate(.x, qubits: [control])
        return [flip] + gates + [flip]
    }

    private static func diagonal(_ matrix: ComplexMatrix, _ qubits: [Int]) -> [Gate] {
        let phases = (0..<4).map { atan2(matrix[$0, $0].imaginary, matrix[$0, $0].real) }
        let first = (phases[2] + phases[3] - phases[0] - phases[1]) / 2
        let second = (phases[1] + phases[3] - phases[0] - phases[2]) / 2
        let both = (phases[1] + phases[2] - phases[0] - phases[3]) / 2
        return [
            Gate(.rz, qubits: [qubits[0]], angle: .fixed(first)),
            Gate(.rz, qubits: [qubits[1]], angle: .fixed(second)),
            Gate(.rzz, qubits: qubits, angle: .fixed(both)),
        ]
    }
}

/// U = e^{iγ} RZ(late) RY(middle) RZ(early).
private struct EulerAngles {
    let early: Double
    let middle: Double
    let late: Double

    init(_ matrix: ComplexMatrix) {
        func phase(_ number: Complex) -> Double { atan2(number.imaginary, number.real) }
        let determinant = matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]
        let common = phase(determinant) / 2
        let (diagonal, lower) = (matrix[0, 0], matrix[1, 0])
        middle = 2 * atan2(lower.squaredMagnitude.squareRoot(), diagonal.squaredMagnitude.squareRoot())
        let sum = -2 * (phase(diagonal) - common)
        let difference = 2 * (phase(lower) - common)
        late = (sum + difference) / 2
        early = (sum - difference) / 2
    }

    /// On one qubit, or on the second where the first is 1.
    func gates(on qubits: [Int]) -> [Gate] {
        let (rz, ry): (GateKind, GateKind) = qubits.count == 1 ? (.rz, .ry) : (.crz, .cry)
        return [(rz, early), (ry, middle), (rz, late)].map { Gate($0.0, qubits: qubits, angle: .fixed($0.1)) }
    }
}
