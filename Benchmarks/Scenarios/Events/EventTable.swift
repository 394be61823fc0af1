import Compute
import EventRecordings
import Files

/// How many events a second one core reads, changes and sorts into steps: what `sqsnn bench events` prints.
public struct EventTable: Sendable, Encodable {
    public struct Row: Sendable {
        public let work: EventWork
        /// Of its recording; nil of work on events in memory.
        public let fileBytes: Int?
        public let measurement: Measurement
    }

    public let eventCount: Int
    public let rows: [Row]

    /// - Parameters:
    ///   - folder: where the recordings are written; they stay there.
    ///   - willMeasure: called with what comes next.
    public static func measure(
        _ works: [EventWork], eventCount: Int, folder: String, willMeasure: (EventWork) -> Void = { _ in }
    ) async throws -> EventTable {
        let recording = MovingSquare.recording(eventCount: eventCount)
        var rows: [Row] = []
        for work in works {
            willMeasure(work)
            switch work {
            case .transforms: rows.append(try await Row(work, EventTransformScenario(recording)))
            case .binning: rows.append(try await Row(work, EventBinningScenario(recording)))
            default:
                let path = "\(folder)/\(work.fileName ?? work.rawValue)"
                let bytes = work.file(recording)
                try AtomicFile.write(bytes, to: path)
                rows.append(
                    try await Row(work, EventReadingScenario(path: path), fileBytes: bytes.count))
            }
        }
        return EventTable(eventCount: eventCount, rows: rows)
    }

    public var lines: [String] {
        TextTable.lines(
            [["work", "median", "minimum", "rate", "file", "goal"]]
                + rows.map { row in
                    row.measurement.cells(row.work.rawValue, unit: "events") + [
                        row.fileBytes.map(Quantity.megabytes) ?? "–",
                        EventWork.goal.text(isMet: row.meetsGoal),
                    ]
                })
    }

    enum CodingKeys: String, CodingKey {
        case version, events, rows
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Software.version, forKey: .version)
        try container.encode(eventCount, forKey: .events)
        try container.encode(rows, forKey: .rows)
    }
}

extension EventTable.Row: Encodable {
    fileprivate init(_ work: EventWork, _ scenario: some Scenario, fileBytes: Int? = nil) async throws {
        var scenario = scenario
        self.init(
            work: work, fileBytes: fileBytes, measurement: try await Measurement(&scenario, plan: .path))
    }

    public var meetsGoal: Bool { EventWork.goal.isMet(by: measurement, threadCount: 1) ?? false }

    enum CodingKeys: String, CodingKey {
        case work, goal, measurement
        case fileBytes = "file_bytes"
        case meetsGoal = "meets_goal"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(work, forKey: .work)
        try container.encode(fileBytes, forKey: .fileBytes)
        try container.encode(EventWork.goal.text, forKey: .goal)
        try container.encode(meetsGoal, forKey: .meetsGoal)
        try container.encode(measurement, forKey: .measurement)
    }
}
