import Files
import Foundation
import Synchronization

/// The cells of a campaign and what came of them: `campaign.sqlite` in the campaign's folder, as a worker sees it.
///
/// A worker is one run of a campaign in one process. It holds the lock of `.worker-N` as long as it lives, which the system
/// gives back however it ends: a cell that is running at a worker without lock was cut off, and is taken again.
/// docs/decisions/0015 says why.
final class CampaignDatabase: Sendable {
    static let fileName = "campaign.sqlite"
    static let schema = 1
    /// "SQSN": by which a database is known as a campaign's.
    private static let application = 0x5351_534E

    enum State: String {
        case waiting, running, done, failed
    }

    /// What became of asking for a cell.
    enum Claim: Sendable {
        case claimed
        /// Another worker is at it.
        case running
        /// With its result, as JSON.
        case done(String)
        case failed(reason: String)
    }

    let path: String
    private let folder: String
    private let database: Mutex<SQLiteDatabase>
    private let worker: Int
    private let lock: FolderLock

    /// Opens the database as a worker, or makes it, and adds the cells that are not there; those that failed wait again.
    ///
    /// - Parameter formerNames: of what earlier releases kept results in.
    /// - Throws: ``CampaignError``, `FileError`. A folder that was made for nothing is then removed.
    init(_ folder: String, kind: String, cells: [CellRecord], formerNames: [String]) throws {
        let path = Self.path(in: folder)
        (self.folder, self.path) = (folder, path)
        let isNew = !FileManager.default.fileExists(atPath: path)
        if isNew,
            let name = formerNames.first(where: { FileManager.default.fileExists(atPath: "\(folder)/\($0)") })
        {
            throw CampaignError.formerFiles(folder, name: name)
        }
        let made = try Folder.make(folder)
        do {
            let database = try SQLiteDatabase(path, isMade: true)
            try Self.checkPages(database)
            worker = try database.transaction {
                if try Self.isEmpty(database) { try Self.begin(database, kind) }
                let found = try Self.kind(of: database)
                guard found == kind else {
                    throw CampaignError.otherKind(path, found: found, expected: kind)
                }
                for cell in cells { try Self.add(cell, to: database) }
                return try database.run(
                    "INSERT INTO workers (host, process) VALUES (?, ?) RETURNING number",
                    .text(ProcessInfo.processInfo.hostName),
                    .integer(Int(ProcessInfo.processInfo.processIdentifier)))[0][0].integer ?? 0
            }
            lock = try FolderLock(folder, file: Self.lockFile(worker))
            self.database = Mutex(database)
        } catch {
            // Empty, for another process may have begun there meanwhile.
            if isNew, (try? InputFile.read(path, limit: 0)) != nil { AtomicFile.remove(path) }
            Folder.remove(made)
            throw error
        }
        removeLocksOfTheDead()
    }

    /// Looks into the database of a folder, and gives its kind too.
    ///
    /// - Returns: nil where the making of the database was cut off.
    /// - Throws: ``CampaignError``, `FileError`.
    static func look<Result>(
        in folder: String, _ body: (borrowing SQLiteDatabase, _ kind: String) throws -> Result
    ) throws -> Result? {
        let path = path(in: folder)
        guard FileManager.default.fileExists(atPath: path) else { throw CampaignError.missing(path) }
        let database = try SQLiteDatabase(path, isMade: false)
        try checkPages(database)
        return try isEmpty(database) ? nil : try body(database, try kind(of: database))
    }

    static func path(in folder: String) -> String { "\(folder)/\(fileName)" }

    private static func lockFile(_ worker: Int) -> String { ".worker-\(worker)" }

    private func removeLocksOfTheDead() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names where name.hasPrefix(".worker-") && !FolderLock.isHeld(folder, file: name) {
            AtomicFile.remove("\(folder)/\(name)")
        }
    }
}

// MARK: - What is in the file

extension CampaignDatabase {
    /// Sees to it that the file is a sound database, before anything is read from it.
    private static func checkPages(_ database: borrowing SQLiteDatabase) throws {
        // Views and triggers of a stranger's file call nothing.
        try database.run("PRAGMA trusted_schema = OFF")
        let found = try database.run("PRAGMA quick_check(1)").first?.first?.text
        guard found == "ok" else {
            throw CampaignError.damaged(database.path, problem: found ?? "found no pages")
        }
    }

    private static func isEmpty(_ database: borrowing SQLiteDatabase) throws -> Bool {
        try database.run("SELECT 1 FROM sqlite_schema LIMIT 1").isEmpty
    }

    private static func begin(_ database: borrowing SQLiteDatabase, _ kind: String) throws {
        try database.run("PRAGMA application_id = \(application)")
        try database.run("PRAGMA user_version = \(schema)")
        try database.run("CREATE TABLE campaign (kind TEXT NOT NULL) STRICT")
        try database.run(
            """
            CREATE TABLE workers (
                number INTEGER PRIMARY KEY AUTOINCREMENT, host TEXT NOT NULL, process INTEGER NOT NULL
            ) STRICT
            """)
        try database.run(
            """
            CREATE TABLE cells (
                digest TEXT PRIMARY KEY, name TEXT NOT NULL, configuration TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
                worker INTEGER REFERENCES workers, since REAL,
                seconds REAL, version TEXT, result TEXT, failure TEXT
            ) STRICT
            """)
        try database.run("INSERT INTO campaign VALUES (?)", .text(kind))
    }

    /// The kind of campaign.
    ///
    /// - Throws: ``CampaignError`` for a database that is no campaign's, or another release's.
    private static func kind(of database: borrowing SQLiteDatabase) throws -> String {
        guard try database.run("PRAGMA application_id").first?.first?.integer == application else {
            throw CampaignError.foreign(database.path)
        }
        let found = try database.run("PRAGMA user_version").first?.first?.integer ?? 0
        guard found == schema else { throw CampaignError.otherSchema(database.path, found: found) }
        return try database.run("SELECT kind FROM campaign").first?.first?.text ?? ""
    }

    private static func add(_ cell: CellRecord, to database: borrowing SQLiteDatabase) throws {
        try database.run(
            """
            INSERT INTO cells (digest, name, configuration, state) VALUES (?, ?, ?, 'waiting')
            ON CONFLICT (digest) DO UPDATE SET state = 'waiting', failure = NULL WHERE state = 'failed'
            """, .text(cell.digest), .text(cell.name), .text(cell.configuration))
    }

    /// Whether a worker lives, here or on another host that shares the folder.
    static func isAlive(_ worker: Int, in folder: String) -> Bool {
        FolderLock.isHeld(folder, file: lockFile(worker))
    }
}

// MARK: - What a worker does

extension CampaignDatabase {
    /// Takes a cell, unless it is done, failed, or another worker that lives is at it.
    func claim(_ digest: String) throws -> Claim {
        try database.withLock { database in
            try database.transaction {
                let row = try database.run(
                    "SELECT state, worker, result, failure FROM cells WHERE digest = ?", .text(digest)
                ).first
                switch (row?[0].text).flatMap(State.init) {
                case .done: return .done(row?[2].text ?? "")
                case .failed: return .failed(reason: row?[3].text ?? "")
                case .running where Self.isAlive(row?[1].integer ?? 0, in: folder): return .running
                case .running, .waiting, nil: break
                }
                try database.run(
                    "UPDATE cells SET state = 'running', worker = ?, since = ? WHERE digest = ?",
                    .integer(worker), .number(Date().timeIntervalSince1970), .text(digest))
                return .claimed
            }
        }
    }

    /// Keeps the result of a claimed cell, as JSON.
    func finish(_ digest: String, result: String, seconds: Double) throws {
        _ = try database.withLock {
            try $0.run(
                "UPDATE cells SET state = 'done', result = ?, seconds = ?, version = ? WHERE digest = ?",
                .text(result), .number(seconds), .text(Software.version), .text(digest))
        }
    }

    /// Keeps why a claimed cell failed.
    func fail(_ digest: String, reason: String, seconds: Double) throws {
        _ = try database.withLock {
            try $0.run(
                "UPDATE cells SET state = 'failed', failure = ?, seconds = ?, version = ? WHERE digest = ?",
                .text(reason), .number(seconds), .text(Software.version), .text(digest))
        }
    }

    /// Gives a claimed cell back that was stopped.
    func release(_ digest: String) throws {
        _ = try database.withLock {
            try $0.run("UPDATE cells SET state = 'waiting' WHERE digest = ?", .text(digest))
        }
    }

    /// The results that are there, as JSON, by digest.
    func results() throws -> [String: String] {
        let rows = try database.withLock {
            try $0.run("SELECT digest, result FROM cells WHERE state = 'done'")
        }
        return Dictionary(rows.map { ($0[0].text ?? "", $0[1].text ?? "") }) { first, _ in first }
    }
}
