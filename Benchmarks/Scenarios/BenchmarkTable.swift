import Compute
import Files

/// All scenarios on one workload, with the machine's limits measured in the same run: what `sqsnn bench` prints.
public struct BenchmarkTable: Sendable {
    /// One scenario.
    public struct Row: Sendable {
        public let name: ScenarioName
        public let outcome: Outcome
        /// nil where this run cannot tell, or the scenario was skipped.
        public let meetsGoal: Bool?
    }

    public enum Outcome: Sendable {
        case measured(Measurement)
        case skipped(reason: String)
    }

    public let workload: Workload
    public let roofline: Roofline
    public let rows: [Row]

    /// Measures all scenarios one after the other.
    ///
    /// - Parameter willMeasure: called with the name of what comes next, `limits` first.
    public static func measure(
        _ workload: Workload, willMeasure: (String) -> Void = { _ in }
    ) async throws -> BenchmarkTable {
        willMeasure("limits")
        let roofline = Roofline.measure(
            threadCount: workload.threadCount, streamCount: OptimizerScenario.parameterCount(workload))
        var rows: [Row] = []
        for name in ScenarioName.allCases {
            if let reason = name.obstacle {
                rows.append(Row(name: name, outcome: .skipped(reason: reason), meetsGoal: nil))
                continue
            }
            willMeasure(name.rawValue)
            var scenario = try await name.scenario(workload)
            var measurement = try await Measurement(&scenario, plan: name.plan)
            measurement.limit = name.limit(workload, roofline: roofline)
            rows.append(
                Row(
                    name: name, outcome: .measured(measurement),
                    meetsGoal: name.goal.isMet(by: measurement, threadCount: workload.threadCount)))
        }
        return BenchmarkTable(workload: workload, roofline: roofline, rows: rows)
    }
}

extension BenchmarkTable: Encodable {
    enum CodingKeys: String, CodingKey {
        case version, configuration, limits, scenarios
        case instructionSet = "instruction_set"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Software.version, forKey: .version)
        try container.encode(InstructionSet.current.name, forKey: .instructionSet)
        try container.encode(workload, forKey: .configuration)
        try container.encode(roofline, forKey: .limits)
        try container.encode(rows, forKey: .scenarios)
    }
}

extension BenchmarkTable.Row: Encodable {
    enum CodingKeys: String, CodingKey {
        case name, unit, goal, measurement, skipped
        case meetsGoal = "meets_goal"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(name.unit, forKey: .unit)
        try container.encode(name.goal.text, forKey: .goal)
        try container.encode(meetsGoal, forKey: .meetsGoal)
        switch outcome {
        case .measured(let measurement): try container.encode(measurement, forKey: .measurement)
        case .skipped(let reason): try container.encode(reason, forKey: .skipped)
        }
    }
}
