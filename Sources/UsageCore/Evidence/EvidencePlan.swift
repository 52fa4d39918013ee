/// What pass two has to look for: the records in and around the anomalies, and what ended the resources they started.
package struct EvidencePlan: Sendable {
    /// Records of one entity in one stretch of time.
    package struct Window: Sendable {
        package let usage: Int
        package let account: AccountKey
        package let region: UInt64
        package let start: Int64
        package let end: Int64
        package let alarm: Range<Int64>
        /// For a first use: only records of this kind (instance family or model), where not 0.
        package let kind: UInt64
        /// Only records of these callers.
        package let callers: CallerClass
    }

    /// Siblings are looked for this long before and after an anomaly.
    package static let siblingReach: Int64 = 1800

    package let windows: [Window]
    private var byAccount: [AccountKey: Account] = [:]

    /// What concerns one account.
    package struct Account: Sendable {
        package var windows: [Int] = []
        /// (usage, Region) pairs whose ordinary callers are of interest.
        package var entities: Set<Entity> = []
        package var start: Int64 = .max
    }

    package struct Entity: Hashable, Sendable {
        package let usage: Int
        package let region: UInt64

        package init(usage: Int, region: UInt64) {
            self.usage = usage
            self.region = region
        }
    }

    /// The plan for `anomalies`; window `n` belongs to anomaly `n`.
    package init(_ anomalies: [EntityAnomaly]) {
        windows = anomalies.map { anomaly in
            Window(
                usage: anomaly.usage,
                account: anomaly.account,
                region: anomaly.region,
                start: anomaly.start,
                end: anomaly.end,
                alarm: anomaly.alarm,
                kind: anomaly.novelty == .family || anomaly.novelty == .model ? anomaly.noveltyValue : 0,
                callers: anomaly.callers
            )
        }
        for (index, window) in windows.enumerated() {
            var account = byAccount[window.account] ?? Account()
            account.windows.append(index)
            account.entities.insert(Entity(usage: window.usage, region: window.region))
            account.start = min(account.start, window.start)
            byAccount[window.account] = account
        }
    }

    /// What is looked for in `account`, if anything.
    package subscript(account: AccountKey) -> Account? { byAccount[account] }

    /// The accounts that matter.
    package var accounts: Set<AccountKey> { Set(byAccount.keys) }
}
