/// Puts entity anomalies of one cause together: across accounts, Regions and usages.
///
/// Two anomalies belong together when they share what their excess came from (an access key, a principal, a role of the same name in
/// several accounts, an address, a function, an Auto Scaling group) and no more than six hours lie between them.
package enum Grouping {
    /// The anomalies of each group, by their index; groups and members in the order of time.
    package static func groups(
        _ parts: [IncidentCase.Part],
        _ caseFile: CaseFile
    ) -> [[Int]] {
        let anomalies = parts.map(\.anomaly)
        var roots = Array(anomalies.indices)
        func root(_ index: Int) -> Int {
            var index = index
            while roots[index] != index { index = roots[index] }
            return index
        }
        var members: [String: [Int]] = [:]
        for index in anomalies.indices {
            for token in tokens(anomalies[index], parts[index].culprits, caseFile.windows[parts[index].window]) {
                members[token, default: []].append(index)
            }
        }
        for (_, sharing) in members {
            let ordered = sharing.sorted { (anomalies[$0].start, $0) < (anomalies[$1].start, $1) }
            var open: (index: Int, end: Int64)?
            for index in ordered {
                if let (other, end) = open, anomalies[index].start <= end + SeriesScan.bridgedGap {
                    let (one, two) = (root(other), root(index))
                    roots[max(one, two)] = min(one, two)
                    open = (index, max(end, anomalies[index].end))
                } else {
                    open = (index, anomalies[index].end)
                }
            }
        }
        var groups: [Int: [Int]] = [:]
        for index in anomalies.indices { groups[root(index), default: []].append(index) }
        return groups.values
            .map { $0.sorted { (anomalies[$0].start, $0) < (anomalies[$1].start, $1) } }
            .sorted { (anomalies[$0[0]].start, $0[0]) < (anomalies[$1[0]].start, $1[0]) }
    }

    /// What an anomaly may share with others.
    private static func tokens(
        _ anomaly: EntityAnomaly,
        _ culprits: Culprits,
        _ evidence: WindowEvidence
    ) -> Set<String> {
        var tokens: Set<String> = []
        var isService = true
        for culprit in culprits.principals {
            if Principal.isService(culprit.name) {
                tokens.insert("service:\(culprit.name)@\(anomaly.account.value)")
                continue
            }
            isService = false
            tokens.insert("principal:" + culprit.name)
            if let role = Principal.sharedRoleName(culprit.name) { tokens.insert("role:" + role) }
        }
        for culprit in culprits.functions { tokens.insert("function:\(culprit.name)@\(anomaly.account.value)") }
        for culprit in culprits.groups { tokens.insert("group:\(culprit.name)@\(anomaly.account.value)") }
        guard !isService else { return tokens }
        for trait in [Trait.accessKey, .address] {
            for (value, share) in evidence.traits[trait] ?? [:]
            where share.quantity >= evidence.quantity * 0.25 && !isPrivate(value) {
                tokens.insert("\(trait.rawValue):\(value)")
            }
        }
        return tokens
    }

    /// Addresses of RFC 1918 and of loopback are shared by strangers.
    private static func isPrivate(_ address: String) -> Bool {
        if address.hasPrefix("10.") || address.hasPrefix("192.168.") || address.hasPrefix("127.") { return true }
        let parts = address.split(separator: ".")
        return parts.count == 4 && parts[0] == "172" && (16...31).contains(Int(parts[1]) ?? 0)
    }
}
