import Compute

/// A scenario repeated a given number of times without a clock, for counting what it does.
///
/// Two such runs that differ in the number of repetitions alone differ by the work of the repetitions: start-up
/// cancels, for a counter inside the process as for one around it (`valgrind --tool=callgrind`).
public struct ScenarioCount: Sendable, Encodable {
    public let scenario: ScenarioName
    public let repetitions: Int
    /// Of all repetitions together; nil where they cannot be counted.
    public let allocations: Int?
    public let instructionSet: String

    enum CodingKeys: String, CodingKey {
        case scenario, repetitions, allocations
        case instructionSet = "instruction_set"
    }

    /// Runs the repetitions, all on the same input, after one that is not counted: it fills the buffers that later
    /// ones use again.
    public static func run(
        _ name: ScenarioName, on workload: Workload, repetitions: Int
    ) async throws -> ScenarioCount {
        var scenario = try await name.scenario(workload)
        scenario.prepare(repetition: 0)
        try await scenario.run()
        let counter = AllocationCount.start()
        for _ in 0..<repetitions { try await scenario.run() }
        let allocations = AllocationCount.stop(counter)
        return ScenarioCount(
            scenario: name, repetitions: repetitions,
            allocations: AllocationCount.isAvailable ? allocations : nil,
            instructionSet: InstructionSet.current.name)
    }
}
