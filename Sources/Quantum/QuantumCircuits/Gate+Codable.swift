/// The JSON of gate lists: `{"gate": "crx", "qubits": [1, 0], "parameter": 2, "scale": 0.5}`, or `"angle"`
/// with a constant instead of `"parameter"`; `"scale"` is 1 by default. A matrix of one's own:
/// `{"gate": "unitary", "qubits": [0], "matrix": [[[0, 0], [1, 0]], [[1, 0], [0, 0]]]}`, rows of [re, im].
extension Gate: Codable {
    private enum CodingKeys: String, CodingKey {
        case kind = "gate"
        case qubits, parameter, scale, angle, matrix
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let name = try container.decode(String.self, forKey: .kind)
        let kind: GateKind
        if name == GateKind.unitaryName {
            kind = .unitary(try container.decode(UnitaryMatrix.self, forKey: .matrix))
        } else if let known = GateKind(name: name) {
            kind = known
            if container.contains(.matrix) {
                throw DecodingError.dataCorruptedError(
                    forKey: .matrix, in: container,
                    debugDescription: "found 'matrix' at gate '\(name)'; only gate 'unitary' takes one")
            }
        } else {
            let names = GateKind.allCases.map(\.name).joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                forKey: .kind, in: container,
                debugDescription: "unknown gate '\(name)'; expected one of \(names), unitary")
        }
        let parameter = try container.decodeIfPresent(Int.self, forKey: .parameter)
        let scale = try container.decodeIfPresent(Double.self, forKey: .scale)
        let constant = try container.decodeIfPresent(Double.self, forKey: .angle)
        if parameter != nil, constant != nil {
            throw DecodingError.dataCorruptedError(
                forKey: .angle, in: container,
                debugDescription: "found both 'parameter' and 'angle'; give one of them")
        }
        if scale != nil, parameter == nil {
            throw DecodingError.dataCorruptedError(
                forKey: .scale, in: container,
                debugDescription: "found 'scale' without 'parameter'; scale the angle itself")
        }
        let angle: Angle =
            if let parameter {
                .parameter(index: parameter, scale: scale ?? 1)
            } else if let constant {
                .fixed(constant)
            } else {
                .none
            }
        self.init(kind, qubits: try container.decode([Int].self, forKey: .qubits), angle: angle)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind.name, forKey: .kind)
        if case .unitary(let matrix) = kind { try container.encode(matrix, forKey: .matrix) }
        try container.encode(qubits, forKey: .qubits)
        switch angle {
        case .none: break
        case .fixed(let value): try container.encode(value, forKey: .angle)
        case .parameter(let index, let scale):
            try container.encode(index, forKey: .parameter)
            if scale != 1 { try container.encode(scale, forKey: .scale) }
        }
    }
}
