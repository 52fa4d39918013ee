import AWSAccess
import UsageCore

/// Whether the functions may ask AWS Organizations about accounts.
///
/// MultiAccountLogs is asked to check its own rights; where it cannot be, the caller's rights are looked at instead, and it is said so.
struct OrganizationCheck: DeploymentCheck {
    let name = "organization"

    func finding(_ deployment: Deployment, deadline: ContinuousClock.Instant) async throws -> Finding {
        let settings = try deployment.needSettings()
        guard settings.enrichesAccounts else { return Self.off }
        let session = deployment.session
        let why: String
        if deployment.configuration(.logs) == nil {
            why = "\(DeployedFunction.logs.rawValue) is not known"
        } else {
            do throws(ServiceFailure) {
                let outcome = try await Lambda(session: session).invoke(
                    DeployedFunction.logs.rawValue,
                    // An empty event is the function's own check.
                    payload: Array("{}".utf8),
                    mode: .requestResponse,
                    isSafeToRepeat: true,
                    deadline: deadline
                )
                if let error = outcome.functionError {
                    return Self.failed(error, String(decoding: outcome.payload.prefix(400), as: UTF8.self))
                }
                if let answer = AWSAccess.JSONValue(outcome.payload), answer["check"] != nil {
                    return Self.judge(answer)
                }
                why = "the function's answer is none of its own check"
            } catch {
                why = "\(error)"
            }
        }
        let check = await EnrichmentCheck.run(
            session: session,
            stateTable: settings.stateTable,
            readsUnits: settings.enrichesOrganization,
            deadline: deadline
        )
        return Self.judge(check, because: why)
    }

    static let off = Finding.off("ENABLE_ACCOUNT_ENRICHMENT is false: accounts are told apart by their ids alone")

    static func failed(_ error: String, _ payload: String) -> Finding {
        let fix = "look at the log group /aws/lambda/\(DeployedFunction.logs.rawValue)"
        return Finding(
            "the function's own check did not come to an end",
            problems: [.init(.broken, "\(DeployedFunction.logs.rawValue) failed (\(error): \(payload))", fix: fix)]
        )
    }

    private static let fix =
        "allow the actions to the role of the function, in the management account or as delegated administrator; "
        + "without them records are stored with contextMissing"

    /// Judges the function's own check.
    static func judge(_ answer: AWSAccess.JSONValue) -> Finding {
        let summary = answer["summary"]?.string ?? ""
        let steps = answer["steps"]?.array ?? []
        if steps.contains(where: { $0["outcome"]?.string == "off" }) { return off }
        let missing = (answer["missingRights"]?.array ?? []).compactMap(\.string)
        if answer["ok"]?.bool == true { return Finding("\(summary) (the function's own check)") }
        if !missing.isEmpty {
            let what = "the function may not call \(missing.joined(separator: ", "))"
            return Finding("the function's own check", problems: [.init(.broken, what, fix: fix)])
        }
        return Finding(
            "the function's own check",
            problems: [.init(.warning, summary, fix: "run this again; records that came meanwhile have no context")]
        )
    }

    /// Judges what the caller may do; the function's role may have other rights.
    static func judge(_ check: EnrichmentCheck, because why: String) -> Finding {
        let own = Finding.Problem(
            .unknown,
            "the rights of the function itself: \(why)",
            fix: "allow the caller lambda:InvokeFunction on \(DeployedFunction.logs.rawValue), which then checks itself"
        )
        var problems = [own]
        if !check.isWhole {
            let fix = "the same calls are needed by the function's role: \(fix)"
            problems.append(.init(.warning, check.summary, fix: fix))
        }
        return Finding(
            check.isWhole ? "\(check.summary) (with the caller's rights)" : "looked at with the caller's rights",
            problems: problems
        )
    }
}
