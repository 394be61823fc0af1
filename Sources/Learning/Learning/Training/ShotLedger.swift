/// Circuits and shots that a rule has run, by what they were for.
///
/// A circuit is counted once for each set of its parameters: each neuron, sample, pass and, but for post-selected runs, step
/// has its own. A sum beyond `Int.max` stays there.
public struct ShotLedger: Sendable, Hashable, Codable {
    public struct Entry: Sendable, Hashable, Codable {
        public var circuits: Int
        public var shots: Int

        public init(circuits: Int = 0, shots: Int = 0) {
            self.circuits = circuits
            self.shots = shots
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            func count(_ key: CodingKeys) throws -> Int {
                let count = try container.decode(Int.self, forKey: key)
                guard count >= 0 else {
                    throw DecodingError.dataCorruptedError(
                        forKey: key, in: container, debugDescription: "found \(count), expected at least 0")
                }
                return count
            }
            self.init(circuits: try count(.circuits), shots: try count(.shots))
        }

        package static func += (left: inout Entry, right: Entry) {
            left.circuits = sum(left.circuits, right.circuits)
            left.shots = sum(left.shots, right.shots)
        }

        package static func * (left: Entry, factor: Int) -> Entry {
            Entry(circuits: product(left.circuits, factor), shots: product(left.shots, factor))
        }

        private static func sum(_ left: Int, _ right: Int) -> Int {
            let (sum, overflows) = left.addingReportingOverflow(right)
            return overflows ? Int.max : sum
        }

        private static func product(_ left: Int, _ right: Int) -> Int {
            let (product, overflows) = left.multipliedReportingOverflow(by: right)
            return overflows ? Int.max : product
        }
    }

    /// Spikes of the hidden neurons in the global passes, one shot of T steps each.
    public var passes = Entry()
    /// Probability of a neuron's own spikes, unshifted: for the feedback and for the denominator of (25).
    public var likelihoods = Entry()
    /// Perturbations of the synapses, (24).
    public var synapses = Entry()
    /// Shifts of the angles, (25).
    public var angles = Entry()

    public init() {}

    public var total: Entry {
        [passes, likelihoods, synapses, angles].reduce(into: Entry()) { $0 += $1 }
    }

    public static func += (left: inout ShotLedger, right: ShotLedger) {
        left.passes += right.passes
        left.likelihoods += right.likelihoods
        left.synapses += right.synapses
        left.angles += right.angles
    }

    public static func + (left: ShotLedger, right: ShotLedger) -> ShotLedger {
        var sum = left
        sum += right
        return sum
    }

    public static func - (left: ShotLedger, right: ShotLedger) -> ShotLedger { left + right * -1 }

    public static func * (left: ShotLedger, factor: Int) -> ShotLedger {
        var ledger = left
        ledger.passes = left.passes * factor
        ledger.likelihoods = left.likelihoods * factor
        ledger.synapses = left.synapses * factor
        ledger.angles = left.angles * factor
        return ledger
    }
}
