import CSQLite
import Files

/// One connection to a database file in SQLite's format, for one thread at a time.
struct SQLiteDatabase: ~Copyable {
    /// What a column holds, or a parameter is bound to.
    enum Value: Sendable {
        case null
        case integer(Int)
        case number(Double)
        case text(String)

        var integer: Int? { if case .integer(let value) = self { value } else { nil } }
        var number: Double? { if case .number(let value) = self { value } else { nil } }
        var text: String? { if case .text(let value) = self { value } else { nil } }
    }

    /// How long a statement waits for another process's transaction, which takes milliseconds.
    private static let busySeconds = 30

    let path: String
    private let connection: OpaquePointer

    /// - Parameter isMade: whether the file is made where there is none.
    /// - Throws: `FileError`, ``CampaignError/damaged(_:problem:)``.
    init(_ path: String, isMade: Bool) throws {
        // So that some builds do not take a name for a URI.
        let name = path.hasPrefix("/") ? path : "./" + path
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (isMade ? SQLITE_OPEN_CREATE : 0)
        let status = sqlite3_open_v2(name, &opened, flags, nil)
        guard let opened, status == SQLITE_OK else {
            defer { sqlite3_close_v2(opened) }
            throw Self.error(status, opened, path)
        }
        sqlite3_busy_timeout(opened, Int32(1000 * Self.busySeconds))
        self.path = path
        connection = opened
    }

    deinit { sqlite3_close_v2(connection) }

    /// Runs one statement.
    ///
    /// - Parameter values: of the parameters `?`, in order.
    /// - Returns: the rows, each with a value a column.
    /// - Throws: `FileError`, ``CampaignError/damaged(_:problem:)``.
    @discardableResult
    func run(_ statement: String, _ values: Value...) throws -> [[Value]] {
        var prepared: OpaquePointer?
        try check(sqlite3_prepare_v2(connection, statement, -1, &prepared, nil))
        defer { sqlite3_finalize(prepared) }
        for (place, value) in zip(Int32(1)..., values) {
            let status =
                switch value {
                case .null: sqlite3_bind_null(prepared, place)
                case .integer(let value): sqlite3_bind_int64(prepared, place, Int64(value))
                case .number(let value): sqlite3_bind_double(prepared, place, value)
                case .text(let value): sqliteBindText(prepared, place, value, UInt64(value.utf8.count))
                }
            try check(status)
        }
        var rows: [[Value]] = []
        while true {
            let status = sqlite3_step(prepared)
            if status == SQLITE_DONE { return rows }
            guard status == SQLITE_ROW else { throw Self.error(status, connection, path) }
            rows.append((0..<sqlite3_column_count(prepared)).map { Self.value(prepared, $0) })
        }
    }

    /// Runs statements of which all happen or none, with nobody else's between them.
    func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        try run("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try run("COMMIT")
            return result
        } catch {
            _ = try? run("ROLLBACK")
            throw error
        }
    }

    private static func value(_ row: OpaquePointer?, _ column: Int32) -> Value {
        switch sqlite3_column_type(row, column) {
        case SQLITE_INTEGER: return .integer(Int(sqlite3_column_int64(row, column)))
        case SQLITE_FLOAT: return .number(sqlite3_column_double(row, column))
        case SQLITE_TEXT:
            guard let text = sqlite3_column_text(row, column) else { return .null }
            let count = Int(sqlite3_column_bytes(row, column))
            return .text(String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
        default: return .null
        }
    }

    private func check(_ status: Int32) throws {
        if status != SQLITE_OK { throw Self.error(status, connection, path) }
    }

    private static func error(_ status: Int32, _ connection: OpaquePointer?, _ path: String) -> any Error {
        let reason = String(cString: connection.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(status))
        return switch status & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED: FileError.busy(path: path)
        case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY, SQLITE_FULL, SQLITE_IOERR, SQLITE_NOMEM:
            FileError.cannotWrite(path: path, reason: reason)
        default: CampaignError.damaged(path, problem: reason)
        }
    }
}
