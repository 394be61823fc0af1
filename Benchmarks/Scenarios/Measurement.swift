/// What the repetitions of one scenario came to.
public struct Measurement: Sendable, Hashable {
    public let timing: Timing
    /// Mean over the repetitions, in the scenario's unit.
    public internal(set) var workPerRepetition: Double
    /// Of the median repetition; nil where they cannot be counted.
    public let allocations: Int?
    /// Largest resident memory of the process while the scenario ran; nil where the kernel does not tell.
    public let peakMemoryBytes: Int?
    /// Units a second that the machine allows at most, where a limit applies.
    public var limit: Double?

    /// Units a second, in the median repetition.
    public var rate: Double { workPerRepetition / timing.median }

    /// Part of the machine's limit that the median repetition reaches.
    public var fractionOfLimit: Double? { limit.map { rate / $0 } }
}

extension Measurement {
    /// Runs a scenario as a plan has it.
    init(_ scenario: inout some Scenario, plan: RepetitionPlan = .standard) async throws {
        for repetition in 0..<plan.warmUpCount {
            scenario.prepare(repetition: repetition)
            try await scenario.run()
        }
        let isPeakKnown = PeakMemory.reset()
        let clock = ContinuousClock()
        var seconds: [Double] = []
        var allocations: [Int] = []
        var (spent, work) = (0.0, 0.0)
        // Room for all, so that noting a result does not allocate while the next one runs.
        seconds.reserveCapacity(plan.mostCount)
        allocations.reserveCapacity(plan.mostCount)
        while !plan.isComplete(count: seconds.count, seconds: spent) {
            scenario.prepare(repetition: plan.warmUpCount + seconds.count)
            let counter = AllocationCount.start()
            let start = clock.now
            try await scenario.run()
            let duration = (clock.now - start).inSeconds
            allocations.append(AllocationCount.stop(counter))
            seconds.append(duration)
            spent += duration
            work += scenario.work
        }
        self.init(
            timing: Timing(seconds: seconds), workPerRepetition: work / Double(seconds.count),
            allocations: AllocationCount.isAvailable
                ? allocations.sorted()[allocations.count / 2] : nil,
            peakMemoryBytes: isPeakKnown ? PeakMemory.bytes : nil, limit: nil)
    }
}

extension Measurement: Encodable {
    enum CodingKeys: String, CodingKey {
        case seconds, rate, limit, allocations
        case fractionOfLimit = "fraction_of_limit"
        case workPerRepetition = "work_per_repetition"
        case peakMemoryBytes = "peak_memory_bytes"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(timing, forKey: .seconds)
        try container.encode(workPerRepetition, forKey: .workPerRepetition)
        try container.encode(rate, forKey: .rate)
        try container.encode(limit, forKey: .limit)
        try container.encode(fractionOfLimit, forKey: .fractionOfLimit)
        try container.encode(allocations, forKey: .allocations)
        try container.encode(peakMemoryBytes, forKey: .peakMemoryBytes)
    }
}
