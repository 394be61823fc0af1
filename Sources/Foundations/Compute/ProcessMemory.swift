import Glibc

/// Memory of this process, as the operating system counts it.
public enum ProcessMemory {
    /// Largest resident set so far, in bytes; 0 where the system does not tell.
    public static var peakBytes: Int {
        var usage = rusage()
        #if os(Linux)
            guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
            return usage.ru_maxrss * 1024
        #else
            guard getrusage(RUSAGE_SELF, &usage) == 0 else { return 0 }
            return usage.ru_maxrss
        #endif
    }
}
