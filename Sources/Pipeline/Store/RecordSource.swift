import UsageCore

/// Where records are kept, for the three questions that detection asks of them.
package protocol RecordSource: Sendable {
    /// How much was used, by whom, when: everything that is counted.
    func counts(_ progress: Progress) async throws -> UsageCounts

    /// In which hours records of any kind came, watched or not; `counts` is what was counted just before.
    func activity(of counts: UsageCounts, _ progress: Progress) async throws -> Activity

    /// The records in and around the anomalies of a plan, which were found in `counts`, and the habits of their callers.
    func evidence(_ plan: EvidencePlan, of counts: UsageCounts, _ progress: Progress) async throws -> CaseFile
}
