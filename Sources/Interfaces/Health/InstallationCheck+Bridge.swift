import QuantumBackends

extension InstallationCheck {
    /// The bridge to Qiskit, which only the backends behind it need.
    var bridge: Finding {
        let entry = BackendCatalogue.entries().first { $0.versions != nil || $0.problem != nil }
        guard let versions = entry?.versions else {
            return Finding(
                "Qiskit bridge", .warning, entry?.problem ?? "not found",
                remedy: "Scripts/install-bridge, for the backends aer and ibm; all else works without")
        }
        let text = versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return Finding("Qiskit bridge", .ok, text.joined(separator: ", "))
    }
}
