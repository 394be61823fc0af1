import QuantumCircuits

extension NoiseParameters {
    /// A figure that cannot be: its place, what was found and expected.
    public struct Problem: Hashable, Sendable {
        public let place: String
        public let problem: String

        public init(place: String, problem: String) {
            self.place = place
            self.problem = problem
        }
    }

    /// Everything that is wrong with the figures.
    public var problems: [Problem] {
        var problems = Self.problems(oneQubitGates, suffix: "_1q", qubitCount: 1)
        problems += Self.problems(twoQubitGates, suffix: "_2q", qubitCount: 2)
        for (index, rule) in gateRules.enumerated() { problems += ruleProblems(rule, at: "gates[\(index)]") }
        problems += Self.problems(qubits, prefix: "")
        problems += memoryDephasing?.problems ?? []
        if let qubitCount, qubitCount < 1 {
            problems.append(
                Problem(place: "qubit_count", problem: "found \(qubitCount), expected at least 1"))
        }
        for (qubit, noise) in qubitRules.enumerated() {
            let place = "qubits[\(qubit)]"
            if let problem = problem(withQubit: qubit) {
                problems.append(Problem(place: place, problem: problem))
            }
            problems += Self.problems(noise, of: qubits, prefix: place + ".")
        }
        for (index, pair) in (coupling ?? []).enumerated() {
            let place = "coupling[\(index)]"
            if pair.count != 2 || Set(pair).count != 2 {
                problems.append(
                    Problem(place: place, problem: "found \(pair), expected two different qubits"))
            } else if let problem = pair.lazy.compactMap({ problem(withQubit: $0) }).first {
                problems.append(Problem(place: place, problem: problem))
            }
        }
        return problems
    }

    private func problem(withQubit qubit: Int) -> String? {
        let count = qubitCount ?? Circuit.maximumQubitCount
        return (0..<count).contains(qubit) ? nil : "found qubit \(qubit), expected 0 to \(count - 1)"
    }

    private func ruleProblems(_ rule: GateNoiseRule, at place: String) -> [Problem] {
        let kind = rule.gate.flatMap { GateKind(name: $0) }
        var problems: [Problem] = []
        if let gate = rule.gate, kind == nil, gate != Self.embedding, gate != GateKind.unitaryName {
            problems.append(
                Problem(
                    place: place + ".gate",
                    problem: "unknown gate '\(gate)'; expected one of "
                        + (GateKind.allCases.map(\.name) + [GateKind.unitaryName, Self.embedding])
                        .joined(separator: ", ")))
        }
        let qubitCount = kind?.qubitCount ?? (rule.gate == Self.embedding ? 1 : nil)
        if let qubits = rule.qubits {
            let counts = qubitCount.map { $0...$0 } ?? 1...2
            if !counts.contains(qubits.count) || Set(qubits).count != qubits.count {
                let expected =
                    qubitCount.map { $0 == 1 ? "1 qubit" : "2 different qubits" } ?? "1 or 2 different qubits"
                problems.append(
                    Problem(place: place + ".qubits", problem: "found \(qubits), expected \(expected)"))
            } else if let problem = qubits.lazy.compactMap({ problem(withQubit: $0) }).first {
                problems.append(Problem(place: place + ".qubits", problem: problem))
            }
        }
        return problems
            + Self.problems(
                rule.noise, prefix: place + ".", suffix: "", qubitCount: qubitCount ?? rule.qubits?.count)
    }

    /// What rules call the rotation by the current.
    static let embedding = "embedding"

    private static func problems(
        _ noise: GateNoise, prefix: String = "", suffix: String, qubitCount: Int?
    ) -> [Problem] {
        let probabilities: [(String, Double?)] = [
            ("depolarizing", noise.depolarizing), ("amplitude_damping", noise.amplitudeDamping),
            ("phase_damping", noise.phaseDamping), ("bit_flip", noise.bitFlip),
            ("phase_flip", noise.phaseFlip),
        ]
        var problems = probabilities.compactMap { name, value in
            probabilityProblem(value, at: prefix + name + suffix)
        }
        if let problem = durationProblem(
            noise.duration, at: prefix + (prefix.isEmpty ? "gate\(suffix)_ns" : "duration_ns"))
        {
            problems.append(problem)
        }
        if let rotation = noise.overRotation {
            for (name, value) in [("factor", rotation.factor), ("offset", rotation.offset)]
            where !overRotations.contains(value) {
                problems.append(
                    Problem(
                        place: prefix + "over_rotation" + suffix + "." + name,
                        problem: "found \(value), expected \(Int(overRotations.lowerBound)) to "
                            + "\(Int(overRotations.upperBound))"))
            }
        }
        if let kraus = noise.kraus {
            let place = prefix + "kraus" + suffix
            if let problem = KrausOperators.problem(with: kraus) {
                problems.append(Problem(place: place, problem: problem))
            } else if qubitCount == nil || kraus[0].rowCount != 1 << (qubitCount ?? 0) {
                let expected =
                    qubitCount.map { "\(1 << $0) × \(1 << $0) for gates of \($0) qubits" }
                    ?? "a rule for gates of one name or on given qubits"
                problems.append(
                    Problem(
                        place: place,
                        problem:
                            "found \(kraus[0].rowCount) × \(kraus[0].rowCount) operators, expected \(expected)"
                    ))
            }
        }
        return problems
    }

    /// - Parameter general: the figures that the given ones are exceptions to.
    private static func problems(
        _ noise: QubitNoise, of general: QubitNoise = QubitNoise(), prefix: String
    ) -> [Problem] {
        var problems: [Problem] = []
        for (name, value) in [("t1_us", noise.t1), ("t2_us", noise.t2)] {
            if let value, !(value >= shortestLifetime) {
                problems.append(
                    Problem(
                        place: prefix + name,
                        problem: "found \(value), expected at least \(shortestLifetime) microseconds"))
            }
        }
        // An exception to one of the two times may clash with the general other.
        let merged = noise.overriding(general)
        if noise.t1 != nil || noise.t2 != nil, let t1 = merged.t1, let t2 = merged.t2, t1 > 0, t2 > 2 * t1 {
            problems.append(
                Problem(
                    place: prefix + "t2_us",
                    problem:
                        "found \(t2), expected at most 2 × t1_us = \(2 * t1): no qubit keeps its phase longer"
                ))
        }
        if let problem = durationProblem(noise.measurement, at: prefix + "measure_ns") {
            problems.append(problem)
        }
        if let readout = noise.readout {
            problems += readoutProblems(readout, at: prefix + "readout")
        }
        return problems
    }

    private static func readoutProblems(_ readout: [[Double]], at place: String) -> [Problem] {
        guard readout.count == 2, readout.allSatisfy({ $0.count == 2 }) else {
            return [
                Problem(
                    place: place,
                    problem: "found \(readout), expected two rows [true] of two probabilities [read]")
            ]
        }
        return readout.enumerated().compactMap { index, row in
            let sum = row[0] + row[1]
            if let read = row.firstIndex(where: { !(0...1).contains($0) }) {
                return probabilityProblem(row[read], at: "\(place)[\(index)][\(read)]")
            }
            return abs(sum - 1) <= ReadoutConfusion.tolerance
                ? nil
                : Problem(
                    place: "\(place)[\(index)]",
                    problem:
                        "the probabilities add up to \(sum), expected 1 within \(ReadoutConfusion.tolerance)")
        }
    }

    // Figures of no device, but whose products and quotients are still numbers.

    /// Of T1 and T2, µs: a picosecond.
    private static let shortestLifetime = 1e-6
    /// Of gates and measurements, ns: a quarter of an hour.
    private static let durations = 0.0...1e12
    /// Factors, and offsets in radians.
    private static let overRotations = -1000.0...1000.0

    private static func durationProblem(_ duration: Double?, at place: String) -> Problem? {
        guard let duration, !durations.contains(duration) else { return nil }
        return Problem(
            place: place, problem: "found \(duration), expected 0 to \(durations.upperBound) nanoseconds")
    }

    private static func probabilityProblem(_ value: Double?, at place: String) -> Problem? {
        guard let value, !(0...1).contains(value) else { return nil }
        return Problem(place: place, problem: "found \(value), expected a probability from 0 to 1")
    }
}
