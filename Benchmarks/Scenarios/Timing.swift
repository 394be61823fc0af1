/// How long the repetitions of one piece of work took.
///
/// The minimum is what the work costs when nothing disturbs it, the median what to expect on this machine.
public struct Timing: Sendable, Hashable, Codable {
    /// Seconds.
    public let minimum: Double
    /// Seconds; of an even number of repetitions, the mean of the two in the middle.
    public let median: Double
    public let repetitions: Int

    /// - Parameter seconds: of each repetition; at least one.
    public init(seconds: [Double]) {
        precondition(!seconds.isEmpty, "a timing has at least one repetition")
        let sorted = seconds.sorted()
        let middle = sorted.count / 2
        minimum = sorted[0]
        median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        repetitions = sorted.count
    }

    /// Several rounds as one: the least minimum, the median of the medians.
    init(rounds: [Timing]) {
        let medians = Timing(seconds: rounds.map(\.median))
        minimum = rounds.reduce(.infinity) { min($0, $1.minimum) }
        median = medians.median
        repetitions = rounds.reduce(0) { $0 + $1.repetitions }
    }
}

/// How often a piece of work is repeated: often enough for a minimum and a median, not longer than needed.
public struct RepetitionPlan: Sendable, Hashable {
    /// Runs before the first that counts: they fill caches, and the buffers that later ones use again.
    public var warmUpCount = 2
    public var leastCount = 20
    /// Repetitions go on until they have taken so long together, and there are ``leastCount``.
    public var seconds = 0.5
    public var mostCount = 2000

    /// For what takes tens of milliseconds at most.
    public static let standard = RepetitionPlan()
    /// One of several rounds.
    static let round = RepetitionPlan(leastCount: 8, seconds: 0.1)
    /// For paths that take from milliseconds to seconds.
    static let path = RepetitionPlan(warmUpCount: 1, leastCount: 3, seconds: 1)
    /// For work of several seconds, whose parts are repetitions themselves.
    public static let long = RepetitionPlan(warmUpCount: 0, leastCount: 3, seconds: 0)

    func isComplete(count: Int, seconds spent: Double) -> Bool {
        count >= mostCount || (count >= leastCount && spent >= seconds)
    }
}

extension Duration {
    var inSeconds: Double { self / .seconds(1) }
}
