/// What Qiskit's `BackendProperties.to_dict()` says of a backend: the part that noise needs.
struct BackendProperties: Decodable {
    /// A named figure with its unit.
    struct Figure: Decodable {
        let name: String
        let unit: String
        let value: Double
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

    /// Nanoseconds in a unit of time.
    private static let nanoseconds: [String: Double] = [
        "s": 1e9, "ms": 1e6, "us": 1e3, "µs": 1e3, "μs": 1e3, "ns": 1, "ps": 1e-3,
    ]

    /// A duration in nanoseconds; nil where the backend says none.
    ///
    /// - Parameter place: of the figures, for messages.
    static func duration(
        _ name: String, in figures: [Figure], at place: String
    ) throws(BackendPropertiesProblem) -> Double? {
        guard let index = figures.firstIndex(where: { $0.name == name }) else { return nil }
        let figure = figures[index]
        guard let factor = nanoseconds[figure.unit] else {
            throw BackendPropertiesProblem(
                place: "\(place)[\(index)].unit",
                problem: "found '\(figure.unit)' of \(name), expected one of s, ms, us, ns, ps")
        }
        return try factor * checked(figure.value, of: name, at: "\(place)[\(index)].value")
    }

    /// A figure without unit; nil where the backend says none.
    static func number(
        _ name: String, in figures: [Figure], at place: String
    ) throws(BackendPropertiesProblem) -> Double? {
        guard let index = figures.firstIndex(where: { $0.name == name }) else { return nil }
        return try checked(figures[index].value, of: name, at: "\(place)[\(index)].value")
    }

    private static func checked(
        _ value: Double, of name: String, at place: String
    ) throws(BackendPropertiesProblem) -> Double {
        guard value >= 0, value.isFinite else {
            throw BackendPropertiesProblem(
                place: place, problem: "found \(value) of \(name), expected 0 or more")
        }
        return value
    }
}

/// What is wrong with a backend's properties.
struct BackendPropertiesProblem: Error {
    let place: String
    let problem: String
}
