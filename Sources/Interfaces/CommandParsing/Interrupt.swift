import Glibc
import Synchronization

/// Ctrl-C and `kill` as a question that long work asks between two batches.
///
/// ```swift
/// try await Interrupt.whileListening {
///     for batch in batches where !Interrupt.isRequested { train(batch) }
///     try saveCheckpoint()
/// }
/// ```
///
/// The first SIGINT or SIGTERM only raises the flag and says so; the second ends the process at once with
/// 128 plus its number (130 for Ctrl-C). Outside ``whileListening(_:)`` both end the process as usual.
///
/// A process has one set of signal handlers, so this is the one piece of global state of the tool: an atomic
/// number, written by the handler, which calls nothing but `write` and `_exit`, both async-signal-safe.
public enum Interrupt {
    private static let received = Atomic<Int32>(0)

    /// Whether the user has asked to stop.
    public static var isRequested: Bool { signal != nil }

    /// The signal that asked to stop, `nil` when there was none.
    public static var signal: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// Lets the signals reach the calling thread, one that lives as long as the process.
    ///
    /// A process starts with its parent's signal mask, and a parent that starts it from a worker thread, as test
    /// runners do, leaves them blocked.
    public static func unblock() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// Runs work that polls ``isRequested``; afterwards the signals act as before.
    public static func whileListening<Result>(_ work: () async throws -> Result) async rethrows -> Result {
        // The first access initialises the atomic; the handler must not be the one to do it.
        _ = signal
        var former: [(number: Int32, action: sigaction)] = []
        for number in [SIGINT, SIGTERM] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { Interrupt.receive($0) }
            // Calls such as read() go on after the signal instead of failing with EINTR.
            action.sa_flags = SA_RESTART
            var previous = sigaction()
            sigaction(number, &action, &previous)
            former.append((number, previous))
        }
        defer {
            for entry in former {
                var action = entry.action
                sigaction(entry.number, &action, nil)
            }
        }
        return try await work()
    }

    private static func receive(_ number: Int32) {
        if received.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
        let notice: StaticString = "\nFinishing the work at hand; interrupt again to quit at once.\n"
        // When nobody reads the notice, the flag alone does the work.
        _ = write(STDERR_FILENO, notice.utf8Start, notice.utf8CodeUnitCount)
    }
}
