import AWSAccess
import UsageCore

/// One caller, under the name by which its habits are kept, and the filter that finds all its records.
struct CallerFilter: Hashable, Sendable {
    /// A long-lived access key.
    private let accessKey: String?
    private let principal: String
    let key: Digest128

    /// A key that is kept by itself: `CallerHabits.key`.
    private static let keptKey = "AK.{14,}"

    init(_ caller: Caller) {
        key = caller.habitKey
        principal = caller.principal
        accessKey = caller.accessKey.flatMap { $0.hasPrefix("AK") && $0.utf8.count >= 16 ? $0 : nil }
    }

    static func == (one: CallerFilter, other: CallerFilter) -> Bool { one.key == other.key }

    func hash(into hasher: inout Hasher) { hasher.combine(key) }

    /// Finds what `Principal.bytes` names so: by the issuer of the session, else by what else the identity says.
    var query: AWSAccess.JSONValue {
        if let accessKey { return SearchFilter.term("userIdentity.accessKeyId", accessKey) }
        let fields = [
            "userIdentity.sessionContext.sessionIssuer.arn", "userIdentity.arn", "userIdentity.invokedBy",
            "userIdentity.userName", "userIdentity.principalId", "userIdentity.accountId",
        ]
        var ways: [AWSAccess.JSONValue] = []
        for (index, field) in fields.enumerated() {
            var named = [SearchFilter.term(field, principal)]
            // The session is cut off an assumed role's own ARN.
            if index == 1, principal.contains(":assumed-role/") {
                named = [SearchFilter.prefix(field, principal + "/")]
            }
            ways.append(SearchFilter.all(named, not: fields[..<index].map(SearchFilter.exists)))
        }
        return SearchFilter.all(
            [SearchFilter.any(ways)],
            not: [SearchFilter.matches("userIdentity.accessKeyId", Self.keptKey)]
        )
    }
}
