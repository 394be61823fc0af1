extension Circuit {
    /// The matrix of V(θ), `dimension × dimension`.
    ///
    /// - Parameter angles: one for each trainable angle, in radians.
    /// - Throws: ``CircuitError`` if their number does not fit or one is not finite.
    /// - Complexity: O(4^qubitCount) a gate.
    public func unitary(angles: [Double]) throws -> ComplexMatrix {
        try check(angles: angles)
        return gates.reduce(.identity(dimension)) { product, gate in
            product.applying(
                gate.kind.matrix(angle: gate.angle(in: angles)), to: gate.qubits, of: qubitCount)
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
                return product.applying(matrix, to: gate.qubits, of: qubitCount)
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
            before = before.applying(inverse, to: gate.qubits, of: qubitCount)
            if case .parameter(let index, let scale) = gate.angle {
                let change = before.applying(
                    gate.kind.matrixDerivative(angle: angle), to: gate.qubits, of: qubitCount)
                gradient[index] += scale * Self.realInnerProduct(sensitivity, change)
            }
            sensitivity = sensitivity.applying(inverse, to: gate.qubits, of: qubitCount)
        }
        return gradient
    }

    /// Re Σ conj(a) b.
    private static func realInnerProduct(_ left: ComplexMatrix, _ right: ComplexMatrix) -> Double {
        zip(left.elements, right.elements).reduce(0) { sum, pair in
            sum + pair.0.real * pair.1.real + pair.0.imaginary * pair.1.imaginary
        }
    }
}
