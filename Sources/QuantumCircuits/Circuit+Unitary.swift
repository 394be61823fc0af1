extension Circuit {
    /// The matrix of V(θ), `dimension × dimension`.
    ///
    /// - Parameter angles: one for each trainable angle, in radians.
    /// - Throws: ``CircuitError`` if their number does not fit or one is not finite.
    /// - Complexity: O(4^qubitCount) a gate.
    public func unitary(angles: [Double]) throws -> ComplexMatrix {
        try check(angles: angles)
        return gates.reduce(.identity(dimension)) { product, gate in
            applying(gate.kind.matrix(angle: gate.angle(in: angles)), of: gate, to: product)
        }
    }

    /// ∂V/∂θ_k, by the product rule over the gates that use the angle.
    ///
    /// - Parameters:
    ///   - angles: one for each trainable angle, in radians.
    ///   - parameter: k, the index of the angle.
    /// - Complexity: O(4^qubitCount) for each gate and each use of the angle.
    public func unitaryDerivative(angles: [Double], parameter: Int) throws -> ComplexMatrix {
        try check(angles: angles)
        precondition((0..<parameterCount).contains(parameter), "no angle \(parameter)")
        var derivative = ComplexMatrix(rowCount: dimension, columnCount: dimension)
        for (place, user) in gates.enumerated() {
            guard case .parameter(parameter, let scale) = user.angle else { continue }
            derivative += gates.enumerated().reduce(.identity(dimension)) { product, entry in
                let (index, gate) = entry
                let angle = gate.angle(in: angles)
                let matrix =
                    index == place
                    ? scale * gate.kind.matrixDerivative(angle: angle) : gate.kind.matrix(angle: angle)
                return applying(matrix, of: gate, to: product)
            }
        }
        return derivative
    }

    /// The gradient of a real loss L with respect to all angles, from its gradient with respect to V: one
    /// pass backward through the gates, undoing them one by one.
    ///
    /// - Parameters:
    ///   - angles: the angles V was computed at.
    ///   - unitaryGradient: ∂L/∂(Re V) + i ∂L/∂(Im V), `dimension × dimension`, so that
    ///     dL = Re Σ conj(gradient) · dV.
    /// - Returns: ∂L/∂θ, one value for each angle.
    /// - Complexity: O(4^qubitCount) a gate, whatever the number of angles.
    public func pullback(angles: [Double], unitaryGradient: ComplexMatrix) throws -> [Double] {
        var before = try unitary(angles: angles)
        var sensitivity = unitaryGradient
        var gradient = [Double](repeating: 0, count: parameterCount)
        for gate in gates.reversed() {
            let angle = gate.angle(in: angles)
            let inverse = gate.kind.matrix(angle: angle).adjoint
            before = applying(inverse, of: gate, to: before)
            if case .parameter(let index, let scale) = gate.angle {
                let change = applying(gate.kind.matrixDerivative(angle: angle), of: gate, to: before)
                gradient[index] += scale * Self.realInnerProduct(sensitivity, change)
            }
            sensitivity = applying(inverse, of: gate, to: sensitivity)
        }
        return gradient
    }

    /// The product of a gate's matrix, extended by the identity to all qubits, with `matrix`.
    ///
    /// - Parameters:
    ///   - local: the gate's own 2 × 2 or 4 × 4 matrix, or its derivative or inverse.
    ///   - gate: says on which qubits it acts.
    private func applying(
        _ local: ComplexMatrix, of gate: Gate, to matrix: ComplexMatrix
    ) -> ComplexMatrix {
        // Where each local basis state sits, relative to the row in which all the gate's qubits are 0.
        let masks = gate.qubits.map { 1 << (qubitCount - 1 - $0) }
        let offsets = (0..<local.rowCount).map { state in
            masks.enumerated().reduce(0) { offset, entry in
                state >> (masks.count - 1 - entry.offset) & 1 == 1 ? offset | entry.element : offset
            }
        }
        let touched = masks.reduce(0, |)
        var result = ComplexMatrix(rowCount: matrix.rowCount, columnCount: matrix.columnCount)
        for base in 0..<matrix.rowCount where base & touched == 0 {
            for (row, target) in offsets.enumerated() {
                for (inner, source) in offsets.enumerated() {
                    let factor = local[row, inner]
                    if factor == .zero { continue }
                    for column in 0..<matrix.columnCount {
                        result[base | target, column] += factor * matrix[base | source, column]
                    }
                }
            }
        }
        return result
    }

    /// Re Σ conj(a) b.
    private static func realInnerProduct(_ left: ComplexMatrix, _ right: ComplexMatrix) -> Double {
        zip(left.elements, right.elements).reduce(0) { sum, pair in
            sum + pair.0.real * pair.1.real + pair.0.imaginary * pair.1.imaginary
        }
    }
}
