import Glibc

extension Duration {
    /// Lets the thread wait; a signal ends it early.
    package func pause() {
        guard self > .zero else { return }
        let (seconds, attoseconds) = components
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        nanosleep(&time, nil)
    }
}
