import Files
import FoundationEssentials

/// How far a campaign is: the object that `sqsnn campaign show --json` prints.
public struct CampaignSummary: Sendable, Codable {
    public var folder: String
    /// What the cells are, as in `memory-study`.
    public var kind: String
    /// Cells that nobody is at, those of processes that are gone included.
    public var waiting: Int
    public var done: Int
    /// Of the cells that are done or failed.
    public var seconds: Double
    public var running: [RunningCell]
    public var failed: [CampaignFailure]

    /// A cell that a process is at.
    public struct RunningCell: Sendable, Codable {
        public var cell: String
        public var host: String
        public var process: Int
        /// Date and time, ISO 8601.
        public var since: String
    }

    /// - Throws: ``CampaignError``, `FileError`.
    public init(reading folder: String) throws {
        self.folder = folder
        (waiting, done, seconds, running, failed) = (0, 0, 0, [], [])
        let rows: [[SQLiteDatabase.Value]]
        (kind, rows) = try CampaignDatabase.look(in: folder) { database, kind in
            let rows = try database.run(
                """
                SELECT name, state, since, seconds, failure, worker, host, process FROM cells ORDER BY rowid
                """)
            return (kind, rows)
        }
        var lives: [String: Bool] = [:]
        for row in rows {
            let name = row[0].text ?? ""
            let state = (row[1].text).flatMap(CampaignDatabase.State.init)
            if state == .done || state == .failed { seconds += row[3].number ?? 0 }
            switch state {
            case .done: done += 1
            case .failed: failed.append(CampaignFailure(cell: name, reason: row[4].text ?? ""))
            case .running:
                let worker = row[5].text ?? ""
                let isAlive = lives[worker] ?? CampaignDatabase.isAlive(worker, in: folder)
                lives[worker] = isAlive
                guard isAlive else {
                    waiting += 1
                    continue
                }
                let since = Date(timeIntervalSince1970: row[2].number ?? 0)
                running.append(
                    RunningCell(
                        cell: name, host: row[6].text ?? "", process: row[7].integer ?? 0,
                        since: since.formatted(.iso8601)))
            case .waiting, nil: waiting += 1
            }
        }
    }

    /// Whether a folder holds a campaign.
    public static func isCampaign(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: CampaignDatabase.path(in: folder))
    }
}
