import Learning

/// Something that the paper says, or that we found, and what our measurements say of it.
public struct Claim: Sendable, Codable, Hashable {
    public enum Verdict: String, Sendable, Codable, CaseIterable {
        case holds
        case inPart = "holds in part"
        case not = "does not hold"
        /// What was run is too little to say: intervals are too wide, or the scale is that of a look.
        case undecided = "not decided"
        case notTestable = "not testable here"
        case notRun = "not run"
    }

    /// As in `6a`.
    public let number: String
    /// In our words.
    public let statement: String
    /// Where it is from, as in `Fig. 2(a)`.
    public let source: String
    /// What was measured, with intervals.
    public let measurement: String
    public let verdict: Verdict
    /// What shows it.
    public let command: String
    /// At which scale it was run; nil where there is only one.
    public let scale: String?
    /// Of the trainings behind it, on one thread; nil where there are none.
    public var seconds: Double?
}

extension Claim.Verdict {
    /// Of several statements: nil for one that is not decided.
    init(_ statements: [Bool?]) {
        let (held, failed) = (statements.contains(true), statements.contains(false))
        self =
            switch (held, failed, statements.contains(nil)) {
            case (_, false, true): .undecided
            case (true, false, false): .holds
            case (true, true, _): .inPart
            case (false, _, _): .not
            }
    }
}

extension MeanInterval {
    /// Whether this is below another: nil where intervals meet and are wider than what is asked for.
    ///
    /// - Parameter resolution: half of an interval at most, for a difference that is not seen to count as none.
    func isBelow(_ other: MeanInterval, resolution: Double) -> Bool? {
        if high < other.low { return true }
        if low > other.high { return false }
        return max(halfWidth, other.halfWidth) <= resolution ? false : nil
    }

    /// Whether both are the same to within a tolerance.
    func equals(_ other: MeanInterval, within tolerance: Double) -> Bool? {
        if high < other.low || low > other.high { return abs(mean - other.mean) <= tolerance }
        return max(halfWidth, other.halfWidth) <= 2 * tolerance ? true : nil
    }

    /// Whether the mean is a value to within a tolerance.
    func isNear(_ value: Double, within tolerance: Double) -> Bool? {
        if low - tolerance > value || high + tolerance < value { return false }
        return halfWidth <= 2 * tolerance ? true : nil
    }

    private var halfWidth: Double { (high - low) / 2 }
}
