import AWSAccess
import UsageCore

/// Whether the processor has looked at the records lately.
struct EvaluationCheck: DeploymentCheck {
    let name = "evaluation"

    func finding(_ deployment: Deployment, deadline: ContinuousClock.Instant) async throws -> Finding {
        let settings = try deployment.needSettings()
        let now = deployment.now
        let home = try StoreHome(settings, session: deployment.session) { now }
        let kept = try await home.checkpoints(until: deadline).checkpoint(EvaluationCheckpoint.name)
        return Self.judge(kept?.document, now: now, reachMinutes: settings.evaluationMinutes)
    }

    /// `document`: the checkpoint as it is kept; `reachMinutes`: how far back an evaluation looks for what came late.
    static func judge(_ document: String?, now: Int64, reachMinutes: Int) -> Finding {
        let fix = "look at the schedule of \(DeployedFunction.processor.rawValue) in EventBridge, and at its log"
        guard let document else {
            return Finding("never", problems: [.init(.broken, "no evaluation has come to its end yet", fix: fix)])
        }
        guard let checkpoint = EvaluationCheckpoint(document: document) else {
            let what = "the checkpoint cannot be read (\(document.prefix(100)))"
            let fix = "remove the checkpoint \"\(EvaluationCheckpoint.name)\"; the next evaluation then begins anew"
            return Finding("not known", problems: [.init(.broken, what, fix: fix)])
        }
        guard let last = checkpoint.evaluatedAt else {
            return Finding("never", problems: [.init(.broken, "no evaluation has come to its end yet", fix: fix)])
        }
        let observed = "last evaluation \(EventTime.text(last))"
        guard now - last > Int64(reachMinutes) * 60 else { return Finding(observed) }
        let what = "that is \((now - last) / 60) minutes ago, and an evaluation looks back \(reachMinutes)"
        return Finding(observed, problems: [.init(.broken, what, fix: fix)])
    }
}
