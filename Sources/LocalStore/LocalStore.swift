import Pipeline
import UsageCore

/// The store of one machine: records, what was set aside, and incidents in one SQLite file.
///
/// Every change is one transaction. What is delivered twice changes nothing.
package actor LocalStore {
    /// The file.
    package nonisolated let path: String

    let connection: Connection
    private let insertRecord: Statement
    private let identityAt: Statement
    private let addToTotal: Statement

    /// Opens the store at `path`; where nothing is there it is created, unless `create` is false.
    ///
    /// - Throws: `StoreFailure`, when the file is something else or cannot be opened.
    package init(path: String, create: Bool = true) throws {
        let connection = try Connection(path: path, create: create)
        try StoreSchema.prepare(connection)
        self.path = path
        self.connection = connection
        insertRecord = try Statement("INSERT OR IGNORE INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", on: connection)
        identityAt = try Statement("SELECT identity FROM records WHERE key = ?", on: connection)
        addToTotal = try Statement("UPDATE totals SET value = value + ? WHERE name = 'records'", on: connection)
    }

    /// Adds the records that are not there yet, all in one transaction.
    ///
    /// Batches of 20,000 cost less per record than those of 5,000 where the times of neighbouring batches overlap.
    /// - Returns: how many were new, and how many were there already, in the batch or the store.
    /// - Throws: `StoreFailure`; then none of the batch is kept.
    package func insert(_ batch: [StoredRecord]) throws -> (added: Int, repeated: Int) {
        // In the order of the table, neighbours in one page follow each other and each page is touched once.
        let order = batch.indices
            .map { (key: RecordKey.first(time: batch[$0].time, identity: batch[$0].identity), index: $0) }
            .sorted { $0.key < $1.key }
        let added = try connection.transaction {
            var added = 0
            for (key, index) in order where try add(batch[index], key: key) {
                added += 1
            }
            addToTotal.bind(Int64(added), at: 1)
            _ = try addToTotal.step()
            return added
        }
        return (added, batch.count - added)
    }

    /// Keeps what could not be read; the same bytes with the same reason are kept once.
    ///
    /// - Returns: how many were new.
    package func setAside(_ items: [SetAsideItem]) throws -> Int {
        try connection.transaction {
            let statement = try Statement("INSERT OR IGNORE INTO set_aside VALUES (?, ?, ?, ?, ?)", on: connection)
            var added = 0
            for item in items {
                statement.bind(Self.identity(of: item), at: 1)
                statement.bind(item.reason, at: 2)
                statement.bind(item.detail, at: 3)
                statement.bind(item.source, at: 4)
                try item.bytes.withUnsafeBytes {
                    statement.bind(bytes: $0, at: 5)
                    _ = try statement.step()
                }
                added += connection.changes
            }
            return added
        }
    }

    /// Adds one record within a transaction, at `key` or the next that is free; false when it is there already.
    func add(_ record: StoredRecord, key: Int64) throws -> Bool {
        var key = key
        while true {
            if try write(record, key: key) {
                return true
            }
            identityAt.bind(key, at: 1)
            let isSame = try identityAt.step() && identityAt.text(0) == record.identity
            identityAt.reset()
            if isSame {
                return false
            }
            key = RecordKey.next(after: key)
        }
    }

    private func write(_ record: StoredRecord, key: Int64) throws -> Bool {
        insertRecord.bind(key, at: 1)
        insertRecord.bind(record.identity, at: 2)
        insertRecord.bind(record.account, at: 3)
        insertRecord.bind(record.region, at: 4)
        insertRecord.bind(record.eventSource, at: 5)
        insertRecord.bind(record.eventName, at: 6)
        if let usage = record.usage {
            insertRecord.bind(usage, at: 7)
        } else {
            insertRecord.bindNull(at: 7)
        }
        try record.members.withUnsafeBytes { members in
            insertRecord.bind(text: members, at: 8)
            try record.body.withUnsafeBytes { body in
                insertRecord.bind(bytes: body, at: 9)
                _ = try insertRecord.step()
            }
        }
        return connection.changes == 1
    }

    private static func identity(of item: SetAsideItem) -> String {
        // Without bytes only the source tells two apart.
        let name = item.reason + "\n" + (item.bytes.isEmpty ? item.source : "")
        let bytes = item.bytes.withUnsafeBytes { Digest128(of: $0) }
        return Digest128(of: name).hexadecimal + bytes.hexadecimal
    }
}
