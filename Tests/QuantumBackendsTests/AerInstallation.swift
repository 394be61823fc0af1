import Foundation
import QuantumBackends

/// Qiskit where `Scripts/install-bridge` has put it, with the Python side of this checkout.
enum AerInstallation {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    static let found = (try? BridgeInstallation.find(for: "aer")).map {
        BridgeInstallation(python: $0.python, environment: ["PYTHONPATH": root + "/python"])
    }
}
