import Compute
import QuantumCircuits

extension Circuit {
    /// The gates as Pauli strings and matrices, for the compiler of whole populations.
    var operations: [GateOperation] { gates.map(operation) }

    /// Bit of a qubit in a basis index; qubit 0 is the most significant.
    private func bit(_ qubit: Int) -> Int32 { 1 << Int32(qubitCount - 1 - qubit) }

    private func operation(_ gate: Gate) -> GateOperation {
        let bits = gate.qubits.map(bit)
        if case .unitary(let unitary) = gate.kind {
            return GateOperation(
                matrix: unitary.matrix.elements.map { (real: $0.real, imaginary: $0.imaginary) },
                firstBit: bits[0], secondBit: bits.count == 2 ? bits[1] : 0)
        }
        let control = gate.kind.isControlled ? bits[0] : 0
        let targets = (gate.kind.isControlled ? bits.dropFirst() : bits[...]).reduce(0, |)
        var (flip, sign, yCount): (Int32, Int32, Int32) = (0, 0, 0)
        var action = GateOperation.Action.rotation
        switch gate.kind {
        case .x, .cx: (action, flip) = (.pauli, targets)
        case .cz: (action, sign) = (.pauli, targets)
        case .h: (action, flip) = (.hadamard, targets)
        case .rx, .crx, .rxx: flip = targets
        case .ry, .cry, .ryy: (flip, sign, yCount) = (targets, targets, Int32(targets.nonzeroBitCount))
        case .rz, .crz, .rzz: sign = targets
        case .unitary: break
        }
        var (parameter, scale, fixedAngle): (Int32, Double, Double) = (-1, 1, 0)
        switch gate.angle {
        case .none: break
        case .fixed(let angle): fixedAngle = angle
        case .parameter(let index, let factor): (parameter, scale) = (Int32(index), factor)
        }
        return GateOperation(
            action: action, controlMask: control, flipMask: flip, signMask: sign, yCount: yCount,
            parameter: parameter, scale: scale, fixedAngle: fixedAngle)
    }
}
