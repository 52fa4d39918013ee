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
            let write = try Statement("INSERT OR REPLACE INTO incidents VALUES (?, ?, ?, ?, ?, ?, ?)", on: connection)
            for incident in incidents {
                write.bind(incident.incidentID, at: 1)
                write.bind(incident.state, at: 2)
                write.bind(incident.start, at: 3)
                write.bind(incident.end, at: 4)
                write.bind(incident.severity, at: 5)
                write.bind(incident.document, at: 6)
                write.bind(incident.updatedAt, at: 7)
                _ = try write.step()
            }
        }
    }

    /// Incidents that overlap the time from `from` until before `to`, seconds since 1970, earliest first; nil stands for no bound
    /// and any state.
    package func incidents(from: Int64? = nil, to: Int64? = nil, state: String? = nil) throws -> [StoredIncident] {
        let sql = """
            SELECT incidentId, state, start, "end", severity, document, updatedAt FROM incidents
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
        while try statement.step() {
            incidents.append(
                StoredIncident(
                    incidentID: statement.text(0),
                    state: statement.text(1),
                    start: statement.integer(2),
                    end: statement.integer(3),
                    severity: statement.text(4),
                    document: statement.text(5),
                    updatedAt: statement.integer(6)
                )
            )
        }
        return incidents
    }
}
