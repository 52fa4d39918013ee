import Pipeline

extension LocalStore {
    /// Writes what an evaluation of `time`, seconds since 1970, has found, in the place of every incident that begins then, all in
    /// one transaction.
    ///
    /// With more records, or at another level, some are found no more or have become part of others.
    package func replaceIncidents(beginningIn time: ClosedRange<Int64>, with incidents: [StoredIncident]) throws {
        try connection.transaction {
            let remove = try Statement("DELETE FROM incidents WHERE start BETWEEN ? AND ?", on: connection)
            remove.bind(time.lowerBound, at: 1)
            remove.bind(time.upperBound, at: 2)
            _ = try remove.step()
            for incident in incidents { _ = try write(incident) }
        }
    }

    /// Incidents that overlap the time from `from` until before `to`, seconds since 1970, earliest first; nil stands for no bound
    /// and any state.
    package func incidents(from: Int64? = nil, to: Int64? = nil, state: String? = nil) throws -> [StoredIncident] {
        let sql = """
            SELECT \(Self.columns) FROM incidents
            WHERE start < ?1 AND ("end" > ?2 OR start >= ?2) AND (?3 IS NULL OR state = ?3)
            ORDER BY start, incidentId
            """
        let statement = try Statement(sql, on: connection)
        statement.bind(to ?? Int64.max, at: 1)
        statement.bind(from ?? Int64.min, at: 2)
        if let state {
            statement.bind(state, at: 3)
        } else {
            statement.bindNull(at: 3)
        }
        var incidents: [StoredIncident] = []
        while try statement.step() { incidents.append(Self.incident(statement)) }
        return incidents
    }

    /// The incidents that are open, and those that ended at or after `since`, earliest first.
    func incidents(endingSince since: Int64) throws -> [KeptIncident] {
        let statement = try Statement(
            "SELECT \(Self.columns), version FROM incidents WHERE state = 'open' OR \"end\" >= ? ORDER BY start, incidentId",
            on: connection
        )
        statement.bind(since, at: 1)
        var kept: [KeptIncident] = []
        while try statement.step() {
            kept.append(KeptIncident(incident: Self.incident(statement), version: String(statement.integer(7))))
        }
        return kept
    }

    /// Writes `incident` where the version that stands there is that of `replaced`, or nothing stands there if that is nil.
    ///
    /// - Returns: What stands there now; nil where that condition did not hold and nothing was written.
    func keep(_ incident: StoredIncident, replacing replaced: KeptIncident?) throws -> KeptIncident? {
        try connection.transaction {
            let find = try Statement("SELECT version FROM incidents WHERE incidentId = ?", on: connection)
            find.bind(incident.incidentID, at: 1)
            let found = try find.step() ? String(find.integer(0)) : nil
            find.reset()
            guard found == replaced?.version else { return nil }
            return KeptIncident(incident: incident, version: String(try write(incident)))
        }
    }

    /// Writes an incident within a transaction, under a version that none had before, which it gives.
    private func write(_ incident: StoredIncident) throws -> Int64 {
        try connection.execute("UPDATE totals SET value = value + 1 WHERE name = 'incidentVersions'")
        let version = try connection.integer("SELECT value FROM totals WHERE name = 'incidentVersions'")
        let statement = try Statement(
            "INSERT OR REPLACE INTO incidents (\(Self.columns), version) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            on: connection
        )
        statement.bind(incident.incidentID, at: 1)
        statement.bind(incident.state, at: 2)
        statement.bind(incident.start, at: 3)
        statement.bind(incident.end, at: 4)
        statement.bind(incident.severity, at: 5)
        statement.bind(incident.document, at: 6)
        statement.bind(incident.updatedAt, at: 7)
        statement.bind(version, at: 8)
        _ = try statement.step()
        return version
    }

    private static let columns = "incidentId, state, start, \"end\", severity, document, updatedAt"

    private static func incident(_ row: Statement) -> StoredIncident {
        StoredIncident(
            incidentID: row.text(0),
            state: row.text(1),
            start: row.integer(2),
            end: row.integer(3),
            severity: row.text(4),
            document: row.text(5),
            updatedAt: row.integer(6)
        )
    }
}
