import UsageCore

/// Where records are kept, for the two questions that detection asks of them.
package protocol RecordSource: Sendable {
    /// How much was used, by whom, when: everything that is counted.
    func counts(_ progress: Progress) async throws -> UsageCounts

    /// The records in and around the anomalies of a plan, which were found in `counts`, and the habits of their callers.
    func evidence(_ plan: EvidencePlan, of counts: UsageCounts, _ progress: Progress) async throws -> CaseFile
}
