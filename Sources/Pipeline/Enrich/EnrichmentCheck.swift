import AWSAccess
import UsageCore

/// The answer to the question why accounts have no context: which account a function is in, what it can find out, which rights it lacks.
package struct EnrichmentCheck: Equatable, Sendable {
    /// One call and how it went.
    package struct Step: Equatable, Sendable {
        /// The IAM action.
        package let action: String
        /// `ok`, `denied`, `failed` or `off`.
        package let outcome: String
        /// What was found, or why not.
        package let detail: String

        /// Takes the parts as they are.
        package init(action: String, outcome: String, detail: String) {
            self.action = action
            self.outcome = outcome
            self.detail = detail
        }
    }

    /// The function's own account, if that much could be found out.
    package var accountId: String?
    /// What is known of it.
    package var context: AccountContext?
    /// Accounts in the organization, if they could be listed.
    package var accountCount: Int?
    package var steps: [Step] = []

    /// Actions that were denied.
    package var missingRights: [String] { steps.filter { $0.outcome == "denied" }.map(\.action) }

    /// Whether records of every account can get their context.
    package var isWhole: Bool { steps.allSatisfy { $0.outcome == "ok" } }

    /// One line for people.
    package var summary: String {
        if steps.contains(where: { $0.outcome == "off" }) {
            return "account enrichment is off; set ENABLE_ACCOUNT_ENRICHMENT to true to have it"
        }
        if !missingRights.isEmpty {
            return
                "missing rights: \(missingRights.joined(separator: ", ")); allow them to the function's role, in the "
                + "management account or a delegated administrator's"
        }
        if let failed = steps.first(where: { $0.outcome == "failed" }) { return "\(failed.action): \(failed.detail)" }
        return "account enrichment works: \(Counted.text(accountCount ?? 0, "accounts")) can be told apart"
    }

    /// The check as a JSON object.
    package var json: String {
        var json = JSONText()
        json.object { json in
            json.name("check")
            json.string("account-enrichment")
            json.name("ok")
            json.bool(isWhole)
            json.name("summary")
            json.string(summary)
            if let accountId {
                json.name("accountId")
                json.string(accountId)
            }
            if let context {
                json.name("account")
                StoredMembers.write(context, &json)
            }
            if let accountCount {
                json.name("accountsInOrganization")
                json.integer(accountCount)
            }
            json.name("missingRights")
            json.array { json in for right in missingRights { json.string(right) } }
            json.name("steps")
            json.array { json in
                for step in steps {
                    json.object { json in
                        json.name("action")
                        json.string(step.action)
                        json.name("outcome")
                        json.string(step.outcome)
                        json.name("detail")
                        json.string(step.detail)
                    }
                }
            }
        }
        return json.text
    }
}
