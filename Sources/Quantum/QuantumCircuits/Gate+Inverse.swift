extension Gate {
    /// The gate that undoes this one, whatever the trainable angles are.
    public var inverse: Gate {
        let inverseAngle: Angle =
            switch angle {
            case .none: .none
            case .fixed(let angle): .fixed(-angle)
            case .parameter(let index, let scale): .parameter(index: index, scale: -scale)
            }
        let inverseKind: GateKind =
            switch kind {
            case .unitary(let matrix): .unitary(matrix.inverse)
            // The others that take no angle undo themselves.
            case .h, .x, .cx, .cz, .rx, .ry, .rz, .crx, .cry, .crz, .rxx, .ryy, .rzz: kind
            }
        return Gate(inverseKind, qubits: qubits, angle: inverseAngle)
    }
}
