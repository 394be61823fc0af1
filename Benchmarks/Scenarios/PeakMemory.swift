import Glibc

/// The largest resident memory of this process since a moment of choice; the kernel keeps it.
enum PeakMemory {
    /// Forgets the past: from now on the peak is that of what follows.
    ///
    /// - Returns: whether the kernel allowed it.
    static func reset() -> Bool {
        guard let file = fopen("/proc/self/clear_refs", "w") else { return false }
        // 5 is "reset the peak resident set size" (proc(5)).
        let isWritten = fputs("5", file) >= 0
        return fclose(file) == 0 && isWritten
    }

    /// Bytes; nil where the kernel does not tell.
    static var bytes: Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
            return nil
        }
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) }
            .map { $0 * 1024 }
    }
}
