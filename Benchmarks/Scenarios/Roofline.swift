/// What this machine can do at best, measured in the same run as the scenarios: additions a second.
///
/// The rows are those of the event-driven sums: 64 numbers, four cache lines in single precision and two in fixed point.
public struct Roofline: Sendable, Hashable, Encodable {
    /// A rate on one thread, and on all threads of the workload together.
    public struct Rate: Sendable, Hashable, Encodable {
        public let oneThread: Double
        public let allThreads: Double

        enum CodingKeys: String, CodingKey {
            case oneThread = "one_thread"
            case allThreads = "all_threads"
        }
    }

    /// Rows loaded from memory and added up.
    public struct Level: Sendable, Hashable, Encodable {
        /// Where a working set of this size lies: `L1`, `L2`, `L3` (the last level) or `DRAM`.
        public let name: String
        public let workingSetBytes: Int
        /// Rows at pseudo-random addresses.
        public let random: Rate
        /// Rows one after the other.
        public let sequential: Rate
        /// Rows of 16-bit numbers at pseudo-random addresses.
        public let randomFixed: Rate

        enum CodingKeys: String, CodingKey {
            case name, random, sequential
            case randomFixed = "random_fixed16"
            case workingSetBytes = "working_set_bytes"
        }
    }

    /// Additions of registers to registers.
    public let registers: Rate
    /// From the smallest working set to the largest.
    public let levels: [Level]
    /// Elements a second of three arrays that are read, changed and written side by side, as large as the parameters
    /// and moments of the workload.
    public let streams: Rate

    /// The level that a working set of some size lies in: the first that measured as large a one, or the last.
    ///
    /// The working sets measured fill half a cache, so what fills more of it counts as lying in the next.
    func level(ofBytes bytes: Int) -> Level? {
        levels.first { $0.workingSetBytes >= bytes } ?? levels.last
    }
}
