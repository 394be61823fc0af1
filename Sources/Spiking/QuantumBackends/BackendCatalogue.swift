import DeviceNoise
import QuantumCircuits

/// The backends by name.
public enum BackendCatalogue {
    public struct Entry: Sendable, Encodable {
        public let name: String
        public let summary: String
        public let isAvailable: Bool
        /// What is missing, and what to do about it; nil where the backend is available.
        public let problem: String?
        /// Names and versions behind the backend, where it is installed.
        public let versions: [String: String]?
    }

    static let noisyPrefix = "noisy:"
    static let devicePrefix = "ibm:"
    static let bridged = ["aer", "aer-fake-brisbane"]

    /// Names that need no addition.
    public static var names: [String] { ["ideal"] + Device.catalogue.map { noisyPrefix + $0.name } + bridged }

    /// What ``backend(named:)`` takes.
    public static let expectedNames = "ideal, noisy:DEVICE, aer, aer-fake-brisbane, or ibm:NAME"

    /// The backend of a name. One behind the bridge is started, and has shaken hands when this returns.
    ///
    /// - Parameter name: `ideal`; `noisy:` and a device of the catalogue or a device file; `aer`; `aer-fake-brisbane`; or
    ///   `ibm:` and a device of IBM.
    /// - Throws: ``BackendError``, or `NoiseError` of the device.
    public static func backend(named name: String) throws -> any CircuitBackend {
        switch try found(name) {
        case .simulator(let simulator): simulator
        case .bridged(let installation): try QiskitBridge(name, installation: installation)
        }
    }

    /// Whether ``backend(named:)`` can begin, without starting anything.
    ///
    /// - Throws: as there.
    public static func check(_ name: String) throws { _ = try found(name) }

    private enum Found {
        case simulator(BuiltInSimulator)
        case bridged(BridgeInstallation)
    }

    private static func found(_ name: String) throws -> Found {
        if name == "ideal" { return .simulator(.ideal) }
        if name.hasPrefix(noisyPrefix), name.count > noisyPrefix.count {
            let device = String(name.dropFirst(noisyPrefix.count))
            return .simulator(BuiltInSimulator(noise: try NoiseModel.load(device), name: name))
        }
        let isDevice = name.hasPrefix(devicePrefix) && name.count > devicePrefix.count
        guard bridged.contains(name) || isDevice else {
            throw BackendError.unknown(name: name, expected: expectedNames)
        }
        return .bridged(try BridgeInstallation.find(for: name))
    }

    /// What there is, and what keeps the rest from being used. Asks the bridge, where it is installed, for the
    /// versions of its packages; whether they work, and whether a device of IBM can be reached, ``BackendCheck`` finds out.
    public static func entries() -> [Entry] {
        var entries = [
            Entry(
                name: "ideal", summary: "simulator of this package, without noise", isAvailable: true,
                problem: nil, versions: nil)
        ]
        entries += Device.catalogue.map {
            Entry(
                name: noisyPrefix + $0.name, summary: "the same with noise: \($0.summary)", isAvailable: true,
                problem: nil, versions: nil)
        }
        let (versions, problem) = packages()
        let bridgedEntries = [
            ("aer", "Qiskit Aer, without noise"),
            ("aer-fake-brisbane", "Qiskit Aer with the noise of FakeBrisbane"),
            ("ibm:NAME", "a device of IBM, by your account with the vendor"),
        ]
        entries += bridgedEntries.map { name, summary in
            Entry(
                name: name, summary: summary, isAvailable: problem == nil, problem: problem,
                versions: versions)
        }
        return entries
    }

    /// Versions of what the bridge needs, or what is wrong with it.
    private static func packages() -> (versions: [String: String]?, problem: String?) {
        let name = QiskitBridge.packagesTarget
        do {
            return (
                try QiskitBridge(name, installation: try BridgeInstallation.find(for: name)).versions, nil
            )
        } catch {
            return (nil, error.description)
        }
    }
}
