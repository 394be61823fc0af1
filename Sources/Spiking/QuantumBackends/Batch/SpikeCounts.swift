/// How often each spike history came out of the shots of one parameter set.
public struct SpikeCounts: Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        public let history: SpikeHistory
        /// At least 1.
        public let count: Int

        public init(history: SpikeHistory, count: Int) {
            self.history = history
            self.count = count
        }
    }

    /// In the order of the histories.
    public let entries: [Entry]

    public init(_ entries: [Entry]) { self.entries = entries.sorted { $0.history < $1.history } }

    /// Sum of all counts.
    public var shots: Int { entries.reduce(0) { $0 + $1.count } }

    /// Shots whose history begins with this one.
    public func count(startingWith history: SpikeHistory) -> Int {
        entries.reduce(0) { $1.history.prefix(history.stepCount) == history ? $0 + $1.count : $0 }
    }
}
