import Foundation

/// Reference values computed by independent programs; `Tests/Golden/README.md` says by which.
public enum Golden {
    public static func data(_ name: String) throws -> Data {
        try Data(contentsOf: URL(filePath: path(name)))
    }

    /// The path of a file or folder among them.
    public static func path(_ name: String) -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return folder.appending(path: "Golden").appending(path: name).path
    }
}
