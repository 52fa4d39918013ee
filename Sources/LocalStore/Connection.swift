import CSQLite
import Glibc

/// One open SQLite database, used from one actor only.
final class Connection {
    let path: String
    let database: OpaquePointer

    /// Opens `path`, which is created where `create` allows it and nothing is there.
    init(path: String, create: Bool) throws(StoreFailure) {
        if !create && access(path, F_OK) != 0 {
            throw .notFound(path: path)
        }
        // The actor that owns the connection is its lock, so SQLite's own is left out.
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0)
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            var evidence = String(cString: sqlite3_errstr(code))
            let system = sqlite3_system_errno(opened)
            if system != 0 {
                evidence = String(cString: strerror(system))
            }
            sqlite3_close_v2(opened)
            throw .cannotOpen(path: path, evidence: evidence)
        }
        self.path = path
        self.database = opened
        sqlite3_extended_result_codes(opened, 1)
        sqlite3_busy_timeout(opened, 10_000)  // milliseconds
    }

    deinit {
        sqlite3_close_v2(database)
    }

    /// Runs statements that give no rows, or rows that nobody needs.
    func execute(_ sql: String) throws(StoreFailure) {
        let code = sqlite3_exec(database, sql, nil, nil, nil)
        guard code == SQLITE_OK else {
            throw failure(code, action: sql)
        }
    }

    /// The first column of the first row, 0 where there is none.
    func integer(_ sql: String) throws(StoreFailure) -> Int64 {
        let statement = try Statement(sql, on: self)
        return try statement.step() ? statement.integer(0) : 0
    }

    /// How many rows the last statement inserted, changed or deleted.
    var changes: Int {
        Int(sqlite3_changes(database))
    }

    /// Runs `body` in one transaction: all of it is kept, or nothing.
    func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // A full disk ends some transactions by itself; a second ROLLBACK would hide the first reason.
            if sqlite3_get_autocommit(database) == 0 {
                sqlite3_exec(database, "ROLLBACK", nil, nil, nil)
            }
            throw error
        }
    }

    /// The failure that `code` stands for; of `action`, what was attempted, the first words are kept.
    func failure(_ code: Int32, action: String) -> StoreFailure {
        // SQLite does not keep the errno of every failed write, so that of the process stands in.
        let last = errno
        let kept = sqlite3_system_errno(database)
        let system = kept != 0 ? kept : last
        var evidence = String(cString: sqlite3_errmsg(database))
        switch code & 0xff {
        case SQLITE_NOTADB:
            return .notAStore(path: path, evidence: evidence)
        case SQLITE_FULL:
            return .full(path: path, evidence: evidence)
        case SQLITE_IOERR:
            if system != 0 {
                evidence += ", " + String(cString: strerror(system))
            }
            // A quota and a limit on file sizes come as I/O errors; for the user they are a full disk.
            let exhausted = system == ENOSPC || system == EFBIG || system == EDQUOT
            return exhausted
                ? .full(path: path, evidence: evidence)
                : .refused(path: path, action: Self.start(of: action), evidence: evidence)
        case SQLITE_BUSY, SQLITE_LOCKED:
            return .busy(path: path)
        case SQLITE_CORRUPT:
            return .damaged(path: path, evidence: evidence)
        case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM:
            if kept != 0 {
                evidence += ", " + String(cString: strerror(kept))
            }
            return .cannotOpen(path: path, evidence: evidence)
        default:
            return .refused(path: path, action: Self.start(of: action), evidence: evidence)
        }
    }

    private static func start(of sql: String) -> String {
        sql.split(whereSeparator: \.isWhitespace).prefix(3).joined(separator: " ")
    }
}
