/// How long to keep trying where the network or the vendor's servers fail, and how long to wait in a queue.
public struct RetryPolicy: Sendable, Hashable {
    /// Calls at most, the first included.
    public var attempts = 8
    /// Before the second call; twice as long before each further one.
    public var firstDelay = Duration.seconds(2)
    public var longestDelay = Duration.seconds(120)
    /// How long a job may wait in a queue; running takes as long as it takes.
    public var queueTimeout = Duration.seconds(24 * 3600)
    /// How long one call waits for a change of a job.
    public var pollInterval = Duration.seconds(1)

    public init() {}

    /// The wait after a failed call, the first of them number 0; nil where it was the last.
    func delay(afterFailure number: Int) -> Duration? {
        guard number + 1 < attempts else { return nil }
        // Beyond 2³⁰ times the first, every delay is the longest.
        return min(firstDelay * (1 << min(number, 30)), longestDelay)
    }
}
