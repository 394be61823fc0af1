import QuantumCircuits

/// What Qiskit's `BackendProperties.to_dict()` says of a backend: the part that noise needs.
struct BackendProperties: Decodable {
    /// A named figure with its unit.
    struct Figure: Decodable {
        let name: String
        let unit: String?
        /// Nil where the backend has none at the moment.
        let value: Double?
    }

    struct Gate: Decodable {
        let gate: String
        let qubits: [Int]
        let parameters: [Figure]
    }

    let name: String?
    let date: String?
    let qubits: [[Figure]]
    let gates: [Gate]

    enum CodingKeys: String, CodingKey {
        case qubits, gates
        case name = "backend_name"
        case date = "last_update_date"
    }
}

/// The figures of a qubit or gate, read by name.
struct BackendFigures {
    let figures: [BackendProperties.Figure]
    /// Of the figures in the file, for messages.
    let place: String

    /// Nanoseconds in a unit of time.
    private static let nanoseconds: [String: Double] = [
        "s": 1e9, "ms": 1e6, "us": 1e3, "µs": 1e3, "μs": 1e3, "ns": 1, "ps": 1e-3,
    ]

    /// A duration in nanoseconds; nil where the backend says none.
    func duration(_ name: String) throws(BackendPropertiesProblem) -> Double? {
        guard let (index, value) = figure(name) else { return nil }
        let unit = figures[index].unit ?? ""
        guard let factor = Self.nanoseconds[unit] else {
            throw BackendPropertiesProblem(
                place: "\(place)[\(index)].unit",
                problem: "found '\(unit)' of \(name), expected one of s, ms, us, ns, ps")
        }
        guard value >= 0, value.isFinite else { throw problem(index, "0 or more") }
        return factor * value
    }

    /// A relaxation time in microseconds; nil where the backend says none.
    func lifetime(_ name: String) throws(BackendPropertiesProblem) -> Double? {
        guard let duration = try duration(name) else { return nil }
        if duration == 0, let (index, _) = figure(name) { throw problem(index, "more than 0") }
        return duration / 1000
    }

    /// A probability; nil where the backend says none.
    func probability(_ name: String) throws(BackendPropertiesProblem) -> Double? {
        guard let (index, value) = figure(name) else { return nil }
        guard (0...1).contains(value) else { throw problem(index, "a probability from 0 to 1") }
        return value
    }

    /// Whether the backend does not mark the qubit or gate as broken.
    var isOperational: Bool { figure("operational")?.value != 0 }

    private func figure(_ name: String) -> (index: Int, value: Double)? {
        guard let index = figures.firstIndex(where: { $0.name == name }), let value = figures[index].value
        else { return nil }
        return (index, value)
    }

    private func problem(_ index: Int, _ expected: String) -> BackendPropertiesProblem {
        let figure = figures[index]
        return BackendPropertiesProblem(
            place: "\(place)[\(index)].value",
            problem: "found \(figure.value ?? .nan) of \(figure.name), expected \(expected)")
    }
}

/// What is wrong with a backend's properties.
struct BackendPropertiesProblem: Error {
    let place: String
    let problem: String
}
