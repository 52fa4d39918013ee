import AWSAccess
import UsageCore

/// Finds what should not be in the index any more, removes it, and tells what the index took and could not process.
struct DocumentSweep {
    struct Found: Equatable {
        var removed = 0
        /// Incidents whose documents the index could not process.
        var failed: Set<String> = []
    }

    let documents: DocumentPut
    /// What was put before and belongs to no kept incident is removed; seconds since 1970.
    let oldest: Int64
    let log: Log

    /// - Parameters:
    ///   - incidents: Those that are kept.
    ///   - merged: Those that have become a part of another.
    ///   - deadline: When the last call must have ended.
    /// - Returns: What was removed, and what failed.
    /// - Throws: `ServiceFailure` where documents could not be listed, or none could be removed.
    func run(
        keeping incidents: [String],
        merged: Set<String>,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> Found {
        let kept = Dictionary(incidents.map { (IncidentDocument.id($0), $0) }) { $1 }
        let parts = Set(merged.map(IncidentDocument.id))
        let details = try await documents.service.documents(index: documents.index, deadline: deadline)
        var found = Found()
        var old: [String] = []
        for detail in details where detail.id.hasPrefix(IncidentDocument.prefix) {
            if let incident = kept[detail.id] {
                guard ["FAILED", "DOCUMENT_FAILED_TO_INDEX"].contains(detail.status) else { continue }
                log.warn(
                    "document: taken and not processed (\(Hostile.shown(detail.error ?? detail.status))); it is put again",
                    ["incidentId": .string(incident)]
                )
                found.failed.insert(incident)
            } else if !["DELETING", "DELETED"].contains(detail.status) {
                let isOld = detail.updatedAt.map { $0.milliseconds / 1000 < oldest } ?? false
                if isOld || parts.contains(detail.id) { old.append(detail.id) }
            }
        }
        let failures = await documents.service.deleteDocuments(old, index: documents.index, deadline: deadline)
        found.removed = old.count - failures.count
        for failure in failures {
            if case .failed(let reason) = failure.cause { throw reason }
            log.error("document: not removed (\(failure)); it is tried again at the next look")
        }
        return found
    }
}
