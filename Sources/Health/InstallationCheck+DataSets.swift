import Foundation

extension InstallationCheck {
    /// Folders of `SQSNN_DATA` and of Debian's packages that hold IDX files.
    var dataSets: Finding {
        let roots =
            (environment["SQSNN_DATA"] ?? "").split(separator: ":").map(String.init) + ["/usr/share/datasets"]
        let found = roots.flatMap { root in
            (names(in: root) + [""]).filter { name in
                names(in: "\(root)/\(name)").contains { $0.contains("idx3-ubyte") }
            }.map { $0.isEmpty ? root : $0 }
        }
        return found.isEmpty
            ? Finding(
                "data sets", .missing, "none in \(roots.joined(separator: ", "))",
                remedy: "apt-get install dataset-fashion-mnist, or set SQSNN_DATA to a folder of data sets")
            : Finding("data sets", .ok, found.joined(separator: ", "))
    }

    private func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }
}
