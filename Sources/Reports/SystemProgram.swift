import Foundation

/// A program of the system, run without a shell, so that no text can turn into a command.
package struct SystemProgram: Sendable {
    package let path: String

    package struct Result: Sendable {
        /// Exit code; `nil` when the program was stopped at the time limit or by a signal.
        package let status: Int32?
        /// Standard output and standard error together.
        package let output: String
    }

    /// The first executable of that name on the search path.
    package init?(named name: String, searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "")
    {
        let candidates = searchPath.split(separator: ":").map { "\($0)/\(name)" }
        guard let path = candidates.first(where: FileManager.default.isExecutableFile) else { return nil }
        self.path = path
    }

    /// Runs the program with an empty standard input, and stops it at the time limit.
    ///
    /// Output goes through a temporary file, so that no full pipe can make both sides wait for each other.
    package func run(_ arguments: [String], timeLimit: Duration) throws -> Result {
        let url = FileManager.default.temporaryDirectory.appending(path: "sqsnn-\(UUID().uuidString).log")
        guard FileManager.default.createFile(atPath: url.path, contents: nil) else {
            throw ReportError.cannotWrite(path: url.path, reason: "no temporary file")
        }
        defer { try? FileManager.default.removeItem(at: url) }
        let log = try FileHandle(forWritingTo: url)
        defer { try? log.close() }

        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = log
        process.standardError = log
        let finished = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in finished.signal() }
        try process.run()
        var isInTime = true
        if finished.wait(timeout: .now() + timeLimit / .seconds(1)) == .timedOut {
            isInTime = false
            kill(process.processIdentifier, SIGKILL)
            finished.wait()
        }
        let output = String(decoding: try Data(contentsOf: url), as: UTF8.self)
        let hasExited = isInTime && process.terminationReason == .exit
        return Result(status: hasExited ? process.terminationStatus : nil, output: output)
    }
}
