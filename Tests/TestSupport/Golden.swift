import Foundation

/// Reference values computed by independent programs; `Tests/Golden/README.md` says by which.
public enum Golden {
    public static func data(_ name: String) throws -> Data {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try Data(contentsOf: folder.appending(path: "Golden").appending(path: name))
    }
}
