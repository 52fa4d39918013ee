/// A home of records and incidents: SQLite, OpenSearch or the state table.
///
/// It answers three questions: how much was used (counts), which records show it (evidence), and what has been told (incidents).
package protocol UsageStore: RecordSource, IncidentStore {}
