import AWSAccess
import UsageCore

/// How far the connector has come with bringing incidents into the Amazon Q Business index.
struct SyncCheck: DeploymentCheck {
    let name = "sync"

    /// The connector leaves what has changed within the last quarter of an hour to its next run.
    private static let settling: Int64 = 900
    /// Runs that may fail before somebody has to look.
    private static let runs: Int64 = 3

    func finding(_ deployment: Deployment, deadline: ContinuousClock.Instant) async throws -> Finding {
        let settings = try deployment.needSettings()
        guard settings.qApplicationId != nil, settings.qIndexId != nil else { return Self.off }
        let now = deployment.now
        let home = try StoreHome(settings, session: deployment.session) { now }
        let kept = try await home.checkpoints(until: deadline).checkpoint(IncidentSync.name)
        return Self.judge(kept?.document, now: now, intervalMinutes: settings.syncIntervalMinutes)
    }

    static let off = Finding.off("Q_APPLICATION_ID and Q_INDEX_ID are not set: there is no index")

    /// `document`: the checkpoint as it is kept; `intervalMinutes`: the rhythm of the connector.
    static func judge(_ document: String?, now: Int64, intervalMinutes: Int) -> Finding {
        let name = DeployedFunction.connector.rawValue
        guard let document else {
            let fix = "look at the schedule of \(name) in EventBridge, and at its log"
            return Finding("never", problems: [.init(.broken, "the connector has not come to its end yet", fix: fix)])
        }
        guard let checkpoint = ConnectorCheckpoint(Array(document.utf8)) else {
            let what = "the checkpoint cannot be read (\(document.prefix(100)))"
            let fix = "remove the checkpoint \"\(IncidentSync.name)\"; the next run then puts every incident again"
            return Finding("not known", problems: [.init(.broken, what, fix: fix)])
        }
        let observed = "the index has what changed before \(EventTime.text(checkpoint.through))"
        let behind = now - checkpoint.through
        guard behind > settling + runs * Int64(intervalMinutes) * 60 else { return Finding(observed) }
        return Finding(
            observed,
            problems: [
                .init(
                    .broken,
                    "it is \(behind / 60) minutes behind, with a run every \(Counted.text(intervalMinutes, "minutes"))",
                    fix:
                        "look at the log of \(name): the index refuses a document, its quota is used up, or the schedule is off"
                )
            ]
        )
    }
}
