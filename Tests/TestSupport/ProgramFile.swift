import Foundation

/// Writes a program that can be started at once, as `install` does.
///
/// A file that this process has written itself may stay open in the children that other tests start meanwhile, and the
/// system starts no program that is open for writing (ETXTBSY).
public func writeProgram(_ text: String, to path: String) throws {
    let source = path + ".source"
    try Data(text.utf8).write(to: URL(filePath: source))
    let install = try Process.run(
        URL(filePath: "/usr/bin/install"), arguments: ["-m", "755", source, path])
    install.waitUntilExit()
    guard install.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
}
