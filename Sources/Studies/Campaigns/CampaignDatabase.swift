import Files
import FoundationEssentials
import Glibc
import Synchronization

/// The cells of a campaign and what came of them: `campaign.sqlite` in the campaign's folder, as a worker sees it.
///
/// A worker is one run of a campaign in one process. It holds the lock of a hidden file of its own as long as it lives, which the
/// system gives back however it ends: a cell that is running at a worker without lock was cut off, and is taken again.
/// docs/decisions/0016 says why.
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
    /// Name of the file that is locked.
    private let worker: String
    private let lock: FolderLock

    /// Opens the database as a worker, or makes it, and adds the cells that are not there; those that failed wait again.
    ///
    /// - Parameter formerNames: of what earlier releases kept results in.
    /// - Throws: ``CampaignError``, `FileError`. A folder that was made for nothing is then removed.
    init(_ folder: String, kind: String, cells: [CellRecord], formerNames: [String]) throws {
        let path = Self.path(in: folder)
        (self.folder, self.path) = (folder, path)
        worker = "\(Self.workerPrefix)\(UUID().uuidString)\(Self.ownSuffix)"
        let made = try Folder.make(folder)
        // One worker at a time opens a database, or makes it.
        let opening = try FolderLock(folder, isWaiting: true)
        defer { withExtendedLifetime(opening) {} }
        do {
            let lock = try FolderLock(folder, file: worker)
            try Self.checkWorkers(in: folder)
            if !FileManager.default.fileExists(atPath: path) {
                for name in formerNames where FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
                    throw CampaignError.formerFiles(folder, name: name)
                }
                try Self.make(path, kind)
            }
            let database = try SQLiteDatabase(path, isMade: false)
            let found = try Self.kind(of: database)
            guard found == kind else { throw CampaignError.otherKind(path, found: found, expected: kind) }
            try database.run("PRAGMA synchronous = NORMAL")
            try database.transaction {
                for cell in cells { try Self.add(cell, to: database) }
            }
            self.database = Mutex(database)
            self.lock = lock
        } catch {
            opening.remove(made)
            throw error
        }
    }

    /// Looks into the database of a folder, and gives its kind too.
    ///
    /// - Throws: ``CampaignError``, `FileError`.
    static func look<Result>(
        in folder: String, _ body: (borrowing SQLiteDatabase, _ kind: String) throws -> Result
    ) throws -> Result {
        let path = path(in: folder)
        guard FileManager.default.fileExists(atPath: path) else { throw CampaignError.missing(path) }
        let database = try SQLiteDatabase(path, isMade: false)
        return try body(database, try kind(of: database))
    }

    static func path(in folder: String) -> String { "\(folder)/\(fileName)" }
}

// MARK: - Workers

extension CampaignDatabase {
    private static let workerPrefix = ".worker-"
    private static let ownSuffix = "@" + PathComponent.safe(ProcessInfo.processInfo.hostName)

    /// Removes what workers left that are gone, and sees to it that none is on another host: the processes of a database share
    /// memory.
    private static func checkWorkers(in folder: String) throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names where name.hasPrefix(workerPrefix) {
            if !isAlive(name, in: folder) {
                AtomicFile.remove("\(folder)/\(name)")
            } else if !name.hasSuffix(ownSuffix) {
                throw CampaignError.otherHost(folder, String(name.split(separator: "@").last ?? ""))
            }
        }
    }

    /// Whether a worker lives.
    static func isAlive(_ worker: String, in folder: String) -> Bool {
        worker.hasPrefix(workerPrefix) && !worker.utf8.contains(UInt8(ascii: "/"))
            && FolderLock.isHeld(folder, file: worker)
    }
}

// MARK: - What is in the file

extension CampaignDatabase {
    /// Makes a database, which has its name when it is whole.
    private static func make(_ path: String, _ kind: String) throws {
        let partial = path + ".partial"
        func removePartial() {
            for ending in ["", "-wal", "-shm", "-journal"] { AtomicFile.remove(partial + ending) }
        }
        removePartial()
        defer { removePartial() }
        try fill(SQLiteDatabase(partial, isMade: true), kind)
        // The log of a database that was moved away would be taken for this one's.
        for ending in ["-wal", "-shm"] { AtomicFile.remove(path + ending) }
        guard rename(partial, path) == 0 else {
            throw FileError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
        }
    }

    private static func fill(_ database: consuming SQLiteDatabase, _ kind: String) throws {
        try database.run("PRAGMA journal_mode = WAL")
        try database.transaction {
            try database.run("PRAGMA application_id = \(application)")
            try database.run("PRAGMA user_version = \(schema)")
            try database.run("CREATE TABLE campaign (kind TEXT NOT NULL) STRICT")
            try database.run(
                """
                CREATE TABLE cells (
                    digest TEXT PRIMARY KEY, name TEXT NOT NULL, configuration TEXT NOT NULL,
                    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
                    worker TEXT, host TEXT, process INTEGER, since REAL,
                    seconds REAL, version TEXT, result TEXT, failure TEXT
                ) STRICT
                """)
            try database.run("INSERT INTO campaign VALUES (?)", .text(kind))
        }
    }

    /// The kind of campaign.
    ///
    /// - Throws: ``CampaignError`` for a database that is damaged, no campaign's, or another release's.
    private static func kind(of database: borrowing SQLiteDatabase) throws -> String {
        // Views and triggers of a stranger's file call nothing.
        try database.run("PRAGMA trusted_schema = OFF")
        let problem = try database.run("PRAGMA quick_check(1)").first?.first?.text
        guard problem == "ok" else {
            throw CampaignError.damaged(database.path, problem: problem ?? "found no pages")
        }
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
                case .running where Self.isAlive(row?[1].text ?? "", in: folder): return .running
                case .running, .waiting, nil: break
                }
                try database.run(
                    """
                    UPDATE cells SET state = 'running', worker = ?, host = ?, process = ?, since = ? WHERE digest = ?
                    """,
                    .text(worker), .text(ProcessInfo.processInfo.hostName),
                    .integer(Int(ProcessInfo.processInfo.processIdentifier)),
                    .number(Date().timeIntervalSince1970), .text(digest))
                return .claimed
            }
        }
    }

    /// Keeps the result of a claimed cell, as JSON.
    func finish(_ digest: String, result: String, seconds: Double) throws {
        try keep(digest, .done, result: .text(result), failure: .null, seconds)
    }

    /// Keeps why a claimed cell failed.
    func fail(_ digest: String, reason: String, seconds: Double) throws {
        try keep(digest, .failed, result: .null, failure: .text(reason), seconds)
    }

    /// What came of a cell is on the disk at once; of claims, a power cut may lose the last.
    private func keep(
        _ digest: String, _ state: State, result: SQLiteDatabase.Value, failure: SQLiteDatabase.Value,
        _ seconds: Double
    ) throws {
        try database.withLock { database in
            try database.run("PRAGMA synchronous = FULL")
            try database.run(
                "UPDATE cells SET state = ?, result = ?, failure = ?, seconds = ?, version = ? WHERE digest = ?",
                .text(state.rawValue), result, failure, .number(seconds), .text(Software.version),
                .text(digest))
            try database.run("PRAGMA synchronous = NORMAL")
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
