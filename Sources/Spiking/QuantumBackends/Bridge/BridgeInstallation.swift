import FoundationEssentials

/// Where the Python side of the bridge is: a virtual environment made by `Scripts/install-bridge`.
public struct BridgeInstallation: Sendable, Hashable {
    /// The variable that names another virtual environment than the default one.
    public static let variable = "SQSNN_BRIDGE"
    /// What to do where it is missing.
    static let remedy = "run Scripts/install-bridge, or name its folder in \(variable)"

    /// The Python that runs `-m sqsnn_bridge`.
    public let python: String
    /// Given to it before these.
    public let arguments: [String]
    /// Set for the process, beside the environment of this one.
    public let environment: [String: String]

    public init(python: String, environment: [String: String] = [:], arguments: [String] = []) {
        self.python = python
        self.arguments = arguments
        self.environment = environment
    }

    /// The virtual environment that the variable names, else the one in the user's data folder
    /// (`$XDG_DATA_HOME/sqsnn/bridge`, by default `~/.local/share/sqsnn/bridge`).
    ///
    /// - Throws: ``BackendError/unavailable(backend:reason:remedy:)`` where there is none.
    public static func find(
        for backend: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(BackendError) -> BridgeInstallation {
        let folder = folder(environment)
        let python = folder + "/bin/python"
        guard FileManager.default.isExecutableFile(atPath: python) else {
            throw .unavailable(
                backend: backend, reason: "the bridge to Qiskit is not installed (no \(python))",
                remedy: remedy)
        }
        return BridgeInstallation(python: python)
    }

    static func folder(_ environment: [String: String]) -> String {
        if let folder = environment[variable], !folder.isEmpty { return folder }
        let data = environment["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : $0 }
        return (data ?? (environment["HOME"] ?? "") + "/.local/share") + "/sqsnn/bridge"
    }
}
