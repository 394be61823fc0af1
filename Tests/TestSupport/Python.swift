import Foundation

/// The `python3` of this machine, where it has one.
public enum Python {
    /// Whether it has a module.
    public static func has(_ module: String) -> Bool { (try? run("import \(module)")) != nil }

    /// What a program prints.
    ///
    /// - Throws: where there is no Python, and where the program fails.
    public static func run(_ program: String, _ arguments: String...) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        return output
    }
}
