import Campaigns
import Compute
import SpikeTrainFits

/// Can classical neurons make the spike trains of one memory qubit? (docs/studies/clock.md)
public struct ClockStudy: Sendable {
    public let target: RenewalInstrument
    public let subjects: [ClockCell.Subject]
    public let intervalCount: Int
    /// Data sets 1 …
    public let seedCount: Int
    public let isSmoke: Bool

    public init(
        target: RenewalInstrument = .clock, subjects: [ClockCell.Subject], intervalCount: Int,
        seedCount: Int, isSmoke: Bool
    ) {
        self.target = target
        self.subjects = subjects
        self.intervalCount = intervalCount
        self.seedCount = seedCount
        self.isSmoke = isSmoke
    }

    /// Everything: classical neurons of 1 … 16 states, circuits trained and made, dephasing, relaxation, a device.
    public static let full: [ClockCell.Subject] = {
        var subjects = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16].map { ClockCell.Subject.states($0) }
        subjects += [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16].map { ClockCell.Subject.statesOfLaw($0) }
        subjects.append(.instrument)
        subjects += circuits.map { ClockCell.Subject.circuit($0) }
        subjects += exactCircuits.map { ClockCell.Subject.construction($0) }
        for strength in [0.003, 0.01, 0.03, 0.1, 0.3, 1] {
            subjects.append(.dephased(strength: strength, findsBasis: false))
            subjects.append(.dephased(strength: strength, findsBasis: true))
        }
        for steps in [3.0, 10, 30, 100, 300, 1000, 3000] {
            subjects.append(.relaxing(steps: steps, onlyDephases: false))
            subjects.append(.relaxing(steps: steps, onlyDephases: true))
        }
        subjects += [0.1, 0.3, 1].map { ClockCell.Subject.device("eagle", scale: $0) }
        return subjects
    }()

    /// What shows the answer in seconds.
    public static let smoke: [ClockCell.Subject] = {
        var subjects = [1, 2, 4, 8].map { ClockCell.Subject.states($0) }
        subjects += [2, 4, 8].map { ClockCell.Subject.statesOfLaw($0) }
        subjects += [.instrument, .circuit("exchange"), .circuit("two-way")]
        subjects += exactCircuits.map { ClockCell.Subject.construction($0) }
        subjects += [0.1, 1].map { ClockCell.Subject.dephased(strength: $0, findsBasis: false) }
        subjects += [10, 100].map { ClockCell.Subject.relaxing(steps: $0, onlyDephases: false) }
        return subjects
    }()

    private static let circuits = ["exchange", "two-way", "partial-swap", "memory-controlled"]
    private static let exactCircuits = ["exchange", "two-way", "partial-swap"]

    /// The hardest fits first, so that threads end together.
    public var campaign: Campaign<ClockCell> {
        let ordered = subjects.enumerated().sorted {
            ($0.element.cost, -$0.offset) > ($1.element.cost, -$1.offset)
        }.map(\.element)
        let cells = (1...seedCount).flatMap { seed in
            // The law itself is the same for all data.
            ordered.filter { seed == 1 || !$0.isOfLaw }.map {
                ClockCell(
                    subject: $0, target: target, intervalCount: intervalCount, seed: UInt64(seed),
                    isSmoke: isSmoke)
            }
        }
        return Campaign(kind: "clock-study", cells: cells)
    }
}
