import Dispatch
import FoundationEssentials
import Glibc
import Synchronization

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
        let child = try start(arguments, [input, output, messages])
        let finished = DispatchSemaphore(value: 0)
        let status = Mutex<Int32>(0)
        DispatchQueue.global().async {
            var found: Int32 = 0
            while waitpid(child, &found, 0) < 0, errno == EINTR {}
            status.withLock { $0 = found }
            finished.signal()
        }
        var isInTime = true
        if finished.wait(timeout: .now() + timeLimit / .seconds(1)) == .timedOut {
            isInTime = false
            kill(child, SIGKILL)
            finished.wait()
        }
        let code = status.withLock { $0 }
        let hasExited = isInTime && code & 0x7f == 0
        return Result(
            status: hasExited ? code >> 8 & 0xff : nil, bytes: output.contents(),
            messages: String(decoding: messages.contents(), as: UTF8.self))
    }

    /// Starts the program in a process group of its own, so that Ctrl-C is for its caller alone.
    private func start(_ arguments: [String], _ streams: [PrivateFile]) throws(FileError) -> pid_t {
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        for (number, stream) in streams.enumerated() {
            posix_spawn_file_actions_adddup2(&files, stream.descriptor, Int32(number))
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        let words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var child: pid_t = 0
        let number = posix_spawn(&child, path, &files, &attributes, words, environ)
        guard number == 0 else {
            throw .cannotRun(program: path, reason: String(cString: strerror(number)))
        }
        return child
    }
}
