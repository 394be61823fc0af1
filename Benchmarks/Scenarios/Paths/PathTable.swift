import CAllocator
import Compute
import Files

/// The paths through the library beside that of the default workload: what `sqsnn bench paths` prints.
public struct PathTable: Sendable, Encodable {
    /// One scenario on the workload of a path.
    public struct Row: Sendable {
        public let path: PathName
        public let scenario: ScenarioName
        public let workload: Workload
        /// Its work is the neuron-steps of the batch, each counted once whatever the rule of training does with it.
        public let measurement: Measurement

        public var goal: Goal { path.goal(scenario) }

        /// nil where this run cannot tell.
        public var meetsGoal: Bool? { goal.isMet(by: measurement, threadCount: workload.threadCount) }
    }

    public let rows: [Row]

    /// - Parameter willMeasure: called with the path and the scenario that come next.
    public static func measure(
        _ paths: [PathName], threadCount: Int, willMeasure: (PathName, ScenarioName) -> Void = { _, _ in }
    ) async throws -> PathTable {
        var rows: [Row] = []
        for path in paths {
            for scenario in path.scenarios {
                willMeasure(path, scenario)
                rows.append(
                    try await Row(path, scenario, on: path.workload(threadCount: threadCount), plan: .path))
            }
        }
        return PathTable(rows: rows)
    }
}

extension PathTable.Row {
    init(_ path: PathName, _ name: ScenarioName, on workload: Workload, plan: RepetitionPlan) async throws {
        // What the allocator keeps from earlier rows goes back to the system, so that no row sees another.
        allocator_release_free_memory()
        var scenario = try await name.scenario(workload)
        var measurement = try await Measurement(&scenario, plan: plan)
        measurement.workPerRepetition = Double(workload.neuronSteps)
        self.init(path: path, scenario: name, workload: workload, measurement: measurement)
    }
}

extension PathTable {
    /// The table as lines of text, and what each path's network is.
    public var lines: [String] {
        let header = ["path", "scenario", "median", "rate", "allocations", "peak memory", "goal", "peer"]
        let networks = rows.reduce(into: [[String]]()) { networks, row in
            if networks.last?[0] != row.path.rawValue {
                let threads = Quantity.threads(row.workload.threadCount)
                networks.append([row.path.rawValue, "\(row.workload.title), \(threads)"])
            }
        }
        return TextTable.lines([header] + rows.map(\.cells)) + [""]
            + TextTable.lines([["path", "network, \(InstructionSet.current.name)"]] + networks)
    }

    enum CodingKeys: String, CodingKey {
        case version, rows
        case instructionSet = "instruction_set"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Software.version, forKey: .version)
        try container.encode(InstructionSet.current.name, forKey: .instructionSet)
        try container.encode(rows, forKey: .rows)
    }
}

extension PathTable.Row: Encodable {
    private static let unit = "neuron-steps"

    fileprivate var cells: [String] {
        [
            path.rawValue, scenario.rawValue, measurement.medianText,
            measurement.rateText(Self.unit), measurement.allocationsText, measurement.peakMemoryText,
            goal.text(isMet: meetsGoal), path.peer ?? "none known",
        ]
    }

    enum CodingKeys: String, CodingKey {
        case path, scenario, configuration, unit, goal, peer, measurement
        case meetsGoal = "meets_goal"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(path, forKey: .path)
        try container.encode(scenario, forKey: .scenario)
        try container.encode(workload, forKey: .configuration)
        try container.encode(Self.unit, forKey: .unit)
        try container.encode(goal.text, forKey: .goal)
        try container.encode(meetsGoal, forKey: .meetsGoal)
        try container.encode(path.peer, forKey: .peer)
        try container.encode(measurement, forKey: .measurement)
    }
}
