/// Puts entity anomalies of one cause together: across accounts, Regions and usages.
///
/// Two anomalies belong together when they share what their excess came from, and are as near in time as that link allows: six hours for
/// an access key, a principal, a function or an Auto Scaling group, one hour for a role of the same name in another account or for an
/// address; where a store has sums without callers, six hours for the same usage of an account in a Region. A first use joins what the detector found; by itself it holds nothing else together.
///
/// Calls that are told each time join one another and nothing else: a trail that was stopped is told as such, not as a remark on what was
/// done besides.
package enum Grouping {
    /// What anomalies may share, and how far apart in time it still links them.
    private struct Link: Hashable {
        let name: String
        let reach: Int64
    }

    private static let weakReach: Int64 = 3600
    private static let serviceReach: Int64 = 2 * 3600

    /// The members of each group by their index; groups and members in the order of time.
    package static func groups(_ parts: [IncidentCase.Part]) -> [[Int]] {
        let anomalies = parts.map(\.anomaly)
        let links = parts.map(Self.links)
        var sets = DisjointSets(count: parts.count)
        join(anomalies.indices.filter { anomalies[$0].channel == .call }, anomalies, links, &sets)
        let detected = anomalies.indices.filter {
            anomalies[$0].channel != .firstUse && anomalies[$0].channel != .call
        }
        join(detected, anomalies, links, &sets)
        let firsts = anomalies.indices.filter { anomalies[$0].channel == .firstUse }
        for first in firsts { attach(first, detected, anomalies, links, &sets) }
        let alone = firsts.filter { first in !detected.contains { sets.root($0) == sets.root(first) } }
        join(alone, anomalies, links.map { Set($0.map { Link(name: $0.name, reach: weakReach) }) }, &sets)
        return sets.groups
            .map { $0.sorted { (anomalies[$0].start, $0) < (anomalies[$1].start, $1) } }
            .sorted { (anomalies[$0[0]].start, $0[0]) < (anomalies[$1[0]].start, $1[0]) }
    }

    /// Joins those that share a link and follow one another within its reach.
    private static func join(
        _ members: [Int],
        _ anomalies: [EntityAnomaly],
        _ links: [Set<Link>],
        _ sets: inout DisjointSets
    ) {
        var sharing: [Link: [Int]] = [:]
        for index in members.sorted(by: { (anomalies[$0].start, $0) < (anomalies[$1].start, $1) }) {
            for link in links[index] { sharing[link, default: []].append(index) }
        }
        for (link, indices) in sharing {
            var end = Int64.min
            var last: Int?
            for index in indices {
                if let last, anomalies[index].start <= end + link.reach { sets.join(last, index) }
                last = index
                end = max(end, anomalies[index].end)
            }
        }
    }

    /// Joins a first use to the nearest detected anomaly that shares a link with it and goes on when it begins.
    private static func attach(
        _ first: Int,
        _ detected: [Int],
        _ anomalies: [EntityAnomaly],
        _ links: [Set<Link>],
        _ sets: inout DisjointSets
    ) {
        let near = detected.filter { index in
            !links[index].isDisjoint(with: links[first])
                && anomalies[index].start <= anomalies[first].start + weakReach
                && anomalies[first].start <= anomalies[index].end + weakReach
        }
        let nearest = near.min { one, other in
            (abs(anomalies[one].start - anomalies[first].start), one)
                < (abs(anomalies[other].start - anomalies[first].start), other)
        }
        if let nearest { sets.join(nearest, first) }
    }

    private static func links(_ part: IncidentCase.Part) -> Set<Link> {
        let evidence = part.evidence
        let account = part.anomaly.account.value
        let long = SeriesScan.bridgedGap
        var links: Set<Link> = []
        if !evidence.isAnyoneKnown {
            // The entity itself is all that anomalies can share.
            let entity = "\(part.anomaly.usage)/\(part.anomaly.region)@\(account)"
            links.insert(Link(name: "entity:" + entity, reach: long))
        }
        for culprit in part.culprits.principals {
            if Principal.isService(culprit.name) {
                links.insert(Link(name: "service:\(culprit.name)@\(account)", reach: serviceReach))
                continue
            }
            links.insert(Link(name: "principal:" + culprit.name, reach: long))
            if let role = Principal.sharedRoleName(culprit.name) {
                links.insert(Link(name: "role:" + role, reach: weakReach))
            }
        }
        for culprit in part.culprits.functions {
            links.insert(Link(name: "function:\(culprit.name)@\(account)", reach: long))
        }
        for culprit in part.culprits.groups {
            links.insert(Link(name: "group:\(culprit.name)@\(account)", reach: long))
        }
        guard part.culprits.principals.contains(where: { !Principal.isService($0.name) }) else { return links }
        for (trait, reach) in [(Trait.accessKey, long), (.address, weakReach)] {
            for (value, share) in evidence.traits[trait] ?? [:]
            where share.quantity >= evidence.quantity * 0.25 && !isPrivate(value) {
                links.insert(Link(name: "\(trait.rawValue):\(value)", reach: reach))
            }
        }
        return links
    }

    /// Addresses of RFC 1918 and of loopback are shared by strangers.
    private static func isPrivate(_ address: String) -> Bool {
        if address.hasPrefix("10.") || address.hasPrefix("192.168.") || address.hasPrefix("127.") { return true }
        let parts = address.split(separator: ".")
        return parts.count == 4 && parts[0] == "172" && (16...31).contains(Int(parts[1]) ?? 0)
    }
}
