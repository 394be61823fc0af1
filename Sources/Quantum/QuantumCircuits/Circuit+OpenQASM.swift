extension Circuit {
    /// What the embedding rotations of a program turn by.
    public enum ProgramInputs: Hashable, Sendable {
        /// Currents z, `[step][channel]`, written into the program: `rx(π z)` if z > 0, else no gate at all.
        case currents([[Double]])
        /// Angles that are left open: `rx(phi_t_n)` at every one of this many steps t and on every channel n, with `phi_t_n` an
        /// input in radians. One program for all currents, in which a current of 0 is a rotation by 0.
        case steps(Int)
    }

    /// The neuron's program in OpenQASM 3: for each step the embedding of the currents, the circuit, the
    /// measurement of the input-output qubits in mid-circuit and their reset. The memory is only ever touched
    /// by the circuit.
    ///
    /// Spikes of step t end in the bit register `spikes_t`, channel n in bit n. Angles not given become
    /// `input` parameters `theta_k`; a gate given as a matrix becomes named ones, up to a global phase.
    ///
    /// - Parameters:
    ///   - angles: the trainable angles in radians.
    ///   - inputs: currents, or how many steps to leave open.
    /// - Throws: ``CircuitError`` if the angles do not fit, or a current is out of ``currentRange``.
    public func openQASM(angles: [Double]? = nil, inputs: ProgramInputs = .steps(1)) throws -> String {
        if let angles { try check(angles: angles) }
        let steps: [[String?]]
        switch inputs {
        case .currents(let currents):
            precondition(currents.allSatisfy { $0.count == ioQubits }, "one current for each channel")
            try check(currents: currents)
            steps = currents.map { $0.map { $0 > 0 ? "\(Double.pi * $0)" : nil } }
        case .steps(let count):
            steps = (0..<count).map { step in (0..<ioQubits).map { "phi_\(step)_\($0)" } }
        }

        var lines = ["OPENQASM 3.0;", "include \"stdgates.inc\";", ""]
        lines += gateDefinitions
        if angles == nil { lines += (0..<parameterCount).map { "input float[64] theta_\($0);" } }
        if case .steps = inputs {
            lines += steps.joined().compactMap { $0.map { "input float[64] \($0);" } }
        }
        lines.append("qubit[\(ioQubits)] io;")
        if memoryQubits > 0 { lines.append("qubit[\(memoryQubits)] memory;") }

        for (step, rotations) in steps.enumerated() {
            lines += ["", "// step \(step)", "bit[\(ioQubits)] spikes_\(step);"]
            for (channel, rotation) in rotations.enumerated() {
                if let rotation { lines.append("rx(\(rotation)) io[\(channel)];") }
            }
            lines += gates.flatMap(\.named).map { statement(for: $0, angles: angles) }
            lines += (0..<ioQubits).map { "spikes_\(step)[\($0)] = measure io[\($0)];" }
            lines += (0..<ioQubits).map { "reset io[\($0)];" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func statement(for gate: Gate, angles: [Double]?) -> String {
        let operands = gate.qubits.map { $0 < ioQubits ? "io[\($0)]" : "memory[\($0 - ioQubits)]" }
        let angle: String? =
            switch gate.angle {
            case .none: nil
            case .fixed(let value): "\(value)"
            case .parameter(let index, let scale):
                if let angles {
                    "\(scale * angles[index])"
                } else {
                    scale == 1 ? "theta_\(index)" : "\(scale) * theta_\(index)"
                }
            }
        return gate.kind.name + (angle.map { "(\($0))" } ?? "") + " "
            + operands.joined(separator: ", ") + ";"
    }

    /// Definitions of the gates used that the standard library of OpenQASM 3 lacks.
    private var gateDefinitions: [String] {
        let definitions: KeyValuePairs<GateKind, String> = [
            .rxx: "gate rxx(a) p, q { h p; h q; cx p, q; rz(a) q; cx p, q; h p; h q; }",
            .ryy: "gate ryy(a) p, q { rx(pi/2) p; rx(pi/2) q; cx p, q; rz(a) q; cx p, q; "
                + "rx(-pi/2) p; rx(-pi/2) q; }",
            .rzz: "gate rzz(a) p, q { cx p, q; rz(a) q; cx p, q; }",
        ]
        let named = gates.flatMap(\.named)
        let used = definitions.filter { kind, _ in named.contains { $0.kind == kind } }.map(\.value)
        return used.isEmpty ? [] : used + [""]
    }
}
