/// A home of records and incidents: SQLite, OpenSearch or the state table.
///
/// It answers four questions: how much was used (counts), which records show it (evidence), whether records still come (activity), and what
/// has been told (incidents).
package protocol UsageStore: RecordSource, IncidentStore {}
