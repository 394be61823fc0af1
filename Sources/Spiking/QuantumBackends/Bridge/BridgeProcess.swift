import Files
import Glibc

/// A child process that is spoken to in lines: its standard input and output are ours, its standard error goes to a file
/// without a name, of which the end is shown when something goes wrong.
///
/// Every wait has an end. Not for use by several threads at once.
final class BridgeProcess {
    /// Why a line could not be sent or did not come.
    enum Failure: Error, Equatable {
        case start(reason: String)
        /// The process ended: its exit code, or the signal that ended it.
        case ended(status: Int32?, signal: Int32?)
        case silent(seconds: Double)
        /// It wrote more than any answer has without ending the line.
        case endless
    }

    /// Bytes of a line at most.
    private static let longestLine = 1 << 28

    private let environment: [String: String]
    private let process: pid_t
    private let input: Int32
    private let output: Int32
    private let errors: PrivateFile
    private var received: [UInt8] = []
    /// Of `received`, where no line's end was found.
    private var searched = 0
    /// What `waitpid` said.
    private var ending: Int32?

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - environment: the whole of it.
    init(_ path: String, _ arguments: [String], environment: [String: String]) throws(Failure) {
        self.environment = environment
        // Sockets rather than pipes, so that writing to a process that is gone is an error and no signal.
        var (sending, receiving): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let errors: PrivateFile
        do {
            errors = try PrivateFile()
        } catch {
            throw .start(reason: error.description)
        }
        guard socketpair(AF_UNIX, kind, 0, &sending) == 0, socketpair(AF_UNIX, kind, 0, &receiving) == 0
        else {
            let reason = String(cString: strerror(errno))
            for descriptor in sending + receiving where descriptor >= 0 { close(descriptor) }
            throw .start(reason: reason)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (descriptor, target) in [
            (sending[1], STDIN_FILENO), (receiving[1], STDOUT_FILENO), (errors.descriptor, STDERR_FILENO),
        ] {
            posix_spawn_file_actions_adddup2(&actions, descriptor, target)
        }
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var process = pid_t()
        let status = posix_spawn(&process, path, &actions, nil, &words, &variables)
        close(sending[1])
        close(receiving[1])
        guard status == 0 else {
            close(sending[0])
            close(receiving[0])
            throw .start(reason: String(cString: strerror(status)))
        }
        (self.process, input, output, self.errors) = (process, sending[0], receiving[0], errors)
    }

    deinit {
        close(input)
        if ending == nil {
            kill(process, SIGKILL)
            reap(waiting: true)
        }
        close(output)
    }

    /// Sends a line, and waits for the one that answers it.
    ///
    /// - Parameter seconds: the longest time for both.
    func exchange(_ line: [UInt8], timeout seconds: Double) throws(Failure) -> [UInt8] {
        let end = Self.now + seconds
        try send(line + [UInt8(ascii: "\n")], until: end, of: seconds)
        while true {
            if let place = received[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let answer = Array(received[..<place])
                received.removeFirst(place + 1)
                searched = 0
                return answer
            }
            searched = received.count
            guard received.count < Self.longestLine else { throw .endless }
            try receive(until: end, of: seconds)
        }
    }

    /// The last lines of standard error, for messages: one line of at most `limit` characters, without secrets.
    func errorTail(limit: Int = 600) -> String {
        let start = max(errors.size - 8192, 0)
        var end = errors.contents(from: start)[...]
        // A word that begins before what was read may be the rest of a secret.
        if start > 0 { end = end.drop { $0 > UInt8(ascii: " ") } }
        let lines = Secrets.redacted(String(decoding: end, as: UTF8.self), environment: environment)
            .split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " } }
        let text = lines.suffix(6).joined(separator: " | ")
        return text.count <= limit ? text : "…" + text.suffix(limit)
    }

    // MARK: Both directions

    private func send(_ bytes: [UInt8], until end: Double, of seconds: Double) throws(Failure) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[sent...])
                return Glibc.send(
                    input, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                try wait(for: input, Int16(POLLOUT), until: end, of: seconds)
            } else if errno != EINTR {
                throw ended()
            }
        }
    }

    private func receive(until end: Double, of seconds: Double) throws(Failure) {
        try wait(for: output, Int16(POLLIN), until: end, of: seconds)
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(output, &bytes, bytes.count)
        if count < 0, errno == EINTR { return }
        guard count > 0 else { throw ended() }
        received += bytes.prefix(count)
    }

    private func wait(for descriptor: Int32, _ events: Int16, until end: Double, of seconds: Double)
        throws(Failure)
    {
        while true {
            let rest = end - Self.now
            guard rest > 0 else { throw .silent(seconds: seconds) }
            var request = pollfd(fd: descriptor, events: events, revents: 0)
            let count = poll(&request, 1, Int32(min(rest, 3600) * 1000) + 1)
            if count > 0 { return }
            if count < 0, errno != EINTR { throw ended() }
        }
    }

    /// What became of a process that closed its streams: given a moment to end, then ended.
    private func ended() -> Failure {
        let end = Self.now + 2
        while ending == nil, Self.now < end {
            reap(waiting: false)
            if ending == nil { usleep(10_000) }
        }
        if ending == nil {
            kill(process, SIGKILL)
            reap(waiting: true)
        }
        let status = ending ?? 0
        let signal = status & 0x7f
        return .ended(status: signal == 0 ? (status >> 8) & 0xff : nil, signal: signal == 0 ? nil : signal)
    }

    private func reap(waiting: Bool) {
        var status: Int32 = 0
        while true {
            let found = waitpid(process, &status, waiting ? 0 : WNOHANG)
            if found < 0, errno == EINTR { continue }
            if found == process { ending = status }
            // Reaped by somebody else: gone all the same.
            if found < 0 { ending = 0 }
            return
        }
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
