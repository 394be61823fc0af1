import Foundation

/// A program of the system, run without a shell, so that no text can turn into a command.
package struct SystemProgram: Sendable {
    package let path: String

    package struct Result: Sendable {
        /// Exit code; `nil` when the program was stopped at the time limit or by a signal.
        package let status: Int32?
        /// What it wrote to standard output.
        package let bytes: [UInt8]
        /// What it wrote to standard error.
        package let messages: String

        /// Standard output as text.
        package var output: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// The first executable of that name on the search path.
    package init?(named name: String, searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "")
    {
        let candidates = searchPath.split(separator: ":").map { "\($0)/\(name)" }
        guard let path = candidates.first(where: FileManager.default.isExecutableFile) else { return nil }
        self.path = path
    }

    /// Runs the program, and stops it at the time limit.
    ///
    /// Its streams are files in memory, so that no full pipe can make both sides wait for each other.
    ///
    /// - Parameter input: what it reads from standard input.
    /// - Throws: ``FileError`` where it does not start, or there is no room for what it writes.
    package func run(
        _ arguments: [String], input: String = "", timeLimit: Duration
    ) throws(FileError) -> Result {
        let (input, output, messages) = (
            try PrivateFile(holding: Array(input.utf8)), try PrivateFile(), try PrivateFile()
        )
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = FileHandle(fileDescriptor: input.descriptor)
        process.standardOutput = FileHandle(fileDescriptor: output.descriptor)
        process.standardError = FileHandle(fileDescriptor: messages.descriptor)
        let finished = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in finished.signal() }
        do {
            try process.run()
        } catch {
            throw .cannotRun(program: path, reason: error.localizedDescription)
        }
        var isInTime = true
        if finished.wait(timeout: .now() + timeLimit / .seconds(1)) == .timedOut {
            isInTime = false
            kill(process.processIdentifier, SIGKILL)
            finished.wait()
        }
        let hasExited = isInTime && process.terminationReason == .exit
        return Result(
            status: hasExited ? process.terminationStatus : nil, bytes: output.contents(),
            messages: String(decoding: messages.contents(), as: UTF8.self))
    }
}
