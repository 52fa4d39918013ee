import CSQLite

/// One prepared statement of a connection.
final class Statement {
    let handle: OpaquePointer
    private let connection: Connection
    private let sql: String

    init(_ sql: String, on connection: Connection) throws(StoreFailure) {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(connection.database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else {
            throw connection.failure(code, action: sql)
        }
        self.handle = prepared
        self.connection = connection
        self.sql = sql
    }

    deinit {
        sqlite3_finalize(handle)
    }

    /// Goes to the next row; false when there is none.
    ///
    /// The statement is ready to run again after its last row or a failure.
    func step() throws(StoreFailure) -> Bool {
        let code = sqlite3_step(handle)
        switch code {
        case SQLITE_ROW:
            return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        default:
            let failure = connection.failure(code, action: sql)
            sqlite3_reset(handle)
            throw failure
        }
    }

    /// Leaves the rows that were not read.
    func reset() {
        sqlite3_reset(handle)
    }

    // A wrong index is the only way for the next four to fail and would fail every test.

    func bind(_ value: Int64, at index: Int32) {
        sqlite3_bind_int64(handle, index, value)
    }

    func bindNull(at index: Int32) {
        sqlite3_bind_null(handle, index)
    }

    /// Binds text without a copy: `bytes` must stay in place until the statement has run.
    func bind(text bytes: UnsafeRawBufferPointer, at index: Int32) {
        let start = bytes.baseAddress ?? Self.nothing
        let characters = start.assumingMemoryBound(to: CChar.self)
        sqlite3_bind_text64(handle, index, characters, UInt64(bytes.count), nil, UInt8(SQLITE_UTF8))
    }

    /// Binds bytes without a copy: `bytes` must stay in place until the statement has run.
    func bind(bytes: UnsafeRawBufferPointer, at index: Int32) {
        sqlite3_bind_blob64(handle, index, bytes.baseAddress ?? Self.nothing, UInt64(bytes.count), nil)
    }

    /// Binds a copy of `text`.
    func bind(_ text: String, at index: Int32) {
        var text = text
        text.withUTF8 {
            // SQLITE_TRANSIENT, a C macro that Swift does not import: "copy before the call returns".
            let copy = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            let start = UnsafeRawPointer($0.baseAddress) ?? Self.nothing
            let characters = start.assumingMemoryBound(to: CChar.self)
            sqlite3_bind_text64(handle, index, characters, UInt64($0.count), copy, UInt8(SQLITE_UTF8))
        }
    }

    func integer(_ column: Int32) -> Int64 {
        sqlite3_column_int64(handle, column)
    }

    func text(_ column: Int32) -> String {
        String(decoding: bytes(column), as: UTF8.self)
    }

    func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    /// The bytes of a text or blob column, valid until the next step.
    func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
    }

    /// An address for what is empty: SQLite reads a null pointer as NULL, not as an empty value.
    private nonisolated(unsafe) static let nothing = UnsafeRawPointer(
        UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1)
    )
}
