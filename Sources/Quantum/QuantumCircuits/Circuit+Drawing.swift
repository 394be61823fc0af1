import Files

extension Circuit {
    /// One step of the neuron as a text drawing: the embedding RX(πz), the circuit, the measurement (M) of the
    /// input-output qubits and their reset to |0⟩; the memory goes on to the next step.
    ///
    /// - Parameters:
    ///   - angles: values of the trainable angles, shown in radians; θ0, θ1, … if not given.
    ///   - width: the longest line, in characters; a wider drawing continues below.
    /// - Throws: ``CircuitError`` if the angles do not fit.
    public func drawing(angles: [Double]? = nil, width: Int = .max) throws -> String {
        if let angles { try check(angles: angles) }
        var drawing = CircuitDrawing(
            wires: (0..<ioQubits).map { ("in\($0)", "|0⟩") } + (0..<memoryQubits).map { ("mem\($0)", "") })
        let inputs = Array(0..<ioQubits)
        drawing.append(
            inputs.map { .init(wire: $0, symbol: .box("RX(πz\(ioQubits > 1 ? "\($0)" : ""))")) },
            connected: false)
        for gate in gates { drawing.append(gate.symbols(angles: angles), connected: true) }
        drawing.alignWires()
        drawing.append(inputs.map { .init(wire: $0, symbol: .box("M")) }, connected: false)
        drawing.append(inputs.map { .init(wire: $0, symbol: .box("|0⟩")) }, connected: false)
        return drawing.text(width: width)
    }
}

extension Gate {
    fileprivate func symbols(angles: [Double]?) -> [CircuitDrawing.Placement] {
        let name = kind.boxName + (kind.takesAngle ? "(\(angleLabel(angles)))" : "")
        return qubits.enumerated().map { place, qubit in
            // Which of a given matrix's qubits is which.
            let isMatrix = kind.name == GateKind.unitaryName && qubits.count > 1
            let label = isMatrix ? "\(name)[\(place)]" : name
            let isDot = kind == .cz || kind.isControlled && place == 0
            return CircuitDrawing.Placement(wire: qubit, symbol: isDot ? .control : .box(label))
        }
    }

    private func angleLabel(_ angles: [Double]?) -> String {
        if let angles { return String(printf: "%.3f", angle(in: angles)) }
        switch angle {
        case .none: return ""
        case .fixed(let value): return String(printf: "%.3f", value)
        case .parameter(let index, let scale):
            return switch scale {
            case 1: "θ\(index)"
            case -1: "-θ\(index)"
            default: String(printf: "%g", scale) + "·θ\(index)"
            }
        }
    }
}

extension GateKind {
    /// What the gate's box says; a controlled gate's control is a dot.
    fileprivate var boxName: String {
        switch self {
        case .h: "H"
        case .x, .cx: "X"
        case .cz: "Z"
        case .rx, .crx: "RX"
        case .ry, .cry: "RY"
        case .rz, .crz: "RZ"
        case .rxx: "RXX"
        case .ryy: "RYY"
        case .rzz: "RZZ"
        case .unitary: "U"
        }
    }
}
