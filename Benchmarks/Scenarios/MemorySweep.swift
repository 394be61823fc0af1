import CAllocator
import Files

/// How the memory of training grows with the time steps: what `sqsnn bench memory` prints and draws.
public struct MemorySweep: Sendable, Encodable {
    public struct Point: Sendable, Encodable {
        public let stepCount: Int
        /// Largest resident memory of the process while it trained.
        public let peakBytes: Int
        /// Resident memory just before: the program itself, without network or input.
        public let earlierBytes: Int

        enum CodingKeys: String, CodingKey {
            case stepCount = "steps"
            case peakBytes = "peak_memory_bytes"
            case earlierBytes = "earlier_memory_bytes"
        }
    }

    public static let standardStepCounts = [10, 20, 40, 80, 160]
    /// Updates of each point: the first allocates, the second uses again.
    private static let updateCount = 3

    public let configuration: Workload
    public let points: [Point]

    /// - Parameter workload: its own number of steps is not used.
    /// - Throws: ``BenchmarkError/noPeakMemory``.
    public static func measure(_ workload: Workload, stepCounts: [Int]) throws -> MemorySweep {
        let points = try stepCounts.map { stepCount in
            var workload = workload
            workload.stepCount = stepCount
            return try point(workload)
        }
        return MemorySweep(configuration: workload, points: points)
    }

    private static func point(_ workload: Workload) throws -> Point {
        // What the allocator keeps from earlier points goes back to the system, so that no point sees another.
        allocator_release_free_memory()
        guard PeakMemory.reset(), let earlier = PeakMemory.bytes else { throw BenchmarkError.noPeakMemory }
        var scenario = try TrainingStepScenario(workload)
        for repetition in 0..<updateCount {
            scenario.prepare(repetition: repetition)
            try scenario.run()
        }
        guard let peak = PeakMemory.bytes else { throw BenchmarkError.noPeakMemory }
        return Point(stepCount: workload.stepCount, peakBytes: peak, earlierBytes: earlier)
    }

    public var lines: [String] {
        TextTable.lines(
            [["steps", "peak memory", "before"]]
                + points.map {
                    [
                        "\($0.stepCount)", Quantity.megabytes($0.peakBytes),
                        Quantity.megabytes($0.earlierBytes),
                    ]
                })
    }
}
