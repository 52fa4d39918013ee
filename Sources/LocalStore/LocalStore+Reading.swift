import Pipeline

/// How much a store holds.
package struct StoreTotals: Sendable, Equatable {
    /// Records.
    package var records: Int64
    /// Items that could not be read.
    package var setAside: Int64
    /// Incidents, open and resolved.
    package var incidents: Int64
    /// Time of the earliest record, seconds since 1970; nil in an empty store.
    package var earliest: Int64?
    /// Time of the latest record, seconds since 1970; nil in an empty store.
    package var latest: Int64?
}

extension LocalStore {
    /// The number of records.
    package func count() throws -> Int64 {
        try connection.integer("SELECT value FROM totals WHERE name = 'records'")
    }

    /// How much the store holds; quick at any size.
    package func totals() throws -> StoreTotals {
        let records = try count()
        return StoreTotals(
            records: records,
            setAside: try connection.integer("SELECT count(*) FROM set_aside"),
            incidents: try connection.integer("SELECT count(*) FROM incidents"),
            earliest: records == 0 ? nil : RecordKey.time(of: try connection.integer("SELECT min(key) FROM records")),
            latest: records == 0 ? nil : RecordKey.time(of: try connection.integer("SELECT max(key) FROM records"))
        )
    }

    /// Hands the records to `body` one by one in the order of their times, those of one second in an order that does not depend
    /// on the order of arrival, and gives back what `body` has gathered.
    ///
    /// - Parameters:
    ///   - from: the first second, nil for all.
    ///   - to: the second after the last, nil for all.
    ///   - accounts: only these accounts, nil for all.
    ///   - usages: only records of these watched usages, nil for all records; an index finds them.
    ///   - gathered: what `body` starts with.
    ///   - body: looks at one record; `false` ends the pass.
    /// - Returns: what `body` has gathered.
    /// - Throws: `StoreFailure`, and what `body` throws.
    package func scan<Gathered: Sendable>(
        from: Int64? = nil,
        to: Int64? = nil,
        accounts: [String]? = nil,
        usages: [String]? = nil,
        into gathered: Gathered,
        body: @Sendable (inout Gathered, borrowing StoredRow) throws -> Bool
    ) throws -> Gathered {
        var gathered = gathered
        let range = RecordKey.range(from: from, to: to)
        var sql = "SELECT \(StoredRow.columns) FROM records WHERE key BETWEEN ?1 AND ?2"
        var place: Int32 = 3
        var texts: [(Int32, String)] = []
        func list(_ values: [String]) -> String {
            let places = values.map { value in
                defer { place += 1 }
                texts.append((place, value))
                return "?\(place)"
            }
            return "(" + places.joined(separator: ", ") + ")"
        }
        if let accounts {
            sql += " AND account IN " + list(accounts)
        }
        if let usages {
            // Keys first: sorting whole records by time would copy them all.
            sql += " AND key IN (SELECT key FROM records WHERE usage IN \(list(usages)) AND key BETWEEN ?1 AND ?2)"
        }
        let statement = try Statement(sql + " ORDER BY key", on: connection)
        statement.bind(range.lower, at: 1)
        statement.bind(range.upper, at: 2)
        for (place, text) in texts {
            statement.bind(text, at: place)
        }
        while try statement.step() {
            guard try body(&gathered, StoredRow(statement)) else {
                break
            }
        }
        return gathered
    }

    /// The record of that identity, nil where there is none.
    ///
    /// With `time`, its `eventTime`, it is found at once; without it every record is looked at.
    package func record(identity: String, time: Int64? = nil) throws -> StoredRecord? {
        try look(for: identity, time: time) { $0.copy() }
    }

    /// The stored document of that identity: the record's own fields byte for byte, then `account`, `usage`, `self` and `ingest`.
    ///
    /// With `time`, its `eventTime`, it is found at once; without it every record is looked at.
    package func document(identity: String, time: Int64? = nil) throws -> [UInt8]? {
        try look(for: identity, time: time) { $0.document() }
    }

    private func look<Value>(
        for identity: String,
        time: Int64?,
        read: (borrowing StoredRow) -> Value?
    ) throws -> Value? {
        guard let time else {
            let sql = "SELECT \(StoredRow.columns) FROM records WHERE identity = ? LIMIT 1"
            let statement = try Statement(sql, on: connection)
            statement.bind(identity, at: 1)
            return try statement.step() ? read(StoredRow(statement)) : nil
        }
        let statement = try Statement("SELECT \(StoredRow.columns) FROM records WHERE key = ?", on: connection)
        var key = RecordKey.first(time: time, identity: identity)
        while true {
            statement.bind(key, at: 1)
            guard try statement.step() else {
                return nil
            }
            let row = StoredRow(statement)
            if row.identity == identity {
                return read(row)
            }
            statement.reset()
            key = RecordKey.next(after: key)
        }
    }

    /// What was set aside, in the order of arrival, at most `limit` items.
    package func setAsideItems(limit: Int = 1000) throws -> [SetAsideItem] {
        let statement = try Statement(
            "SELECT reason, detail, source, bytes FROM set_aside ORDER BY rowid LIMIT ?",
            on: connection
        )
        statement.bind(Int64(limit), at: 1)
        var items: [SetAsideItem] = []
        while try statement.step() {
            items.append(
                SetAsideItem(
                    reason: statement.text(0),
                    detail: statement.text(1),
                    source: statement.text(2),
                    bytes: Array(statement.bytes(3))
                )
            )
        }
        return items
    }
}
