/// Finds the incidents of an evaluation among those that are kept.
///
/// They are the same where they share an entity and their times there are no further apart than an incident stays open. Then the kept
/// one's id and moment of detection stay; where several become one, the earliest stays and the others stand in `mergedFrom`.
package enum IncidentMatching {
    /// An incident of an evaluation and what is kept of it, as places in what was given.
    package struct Match: Equatable, Sendable {
        /// The incident under the name that it keeps.
        package let incident: Incident
        /// The kept one that it is.
        package let kept: Int?
        /// Kept ones that have become part of it.
        package let merged: [Int]
    }

    /// Matches what was found with what is kept; each kept one belongs to one of those found at the most.
    package static func matches(_ found: [Incident], with kept: [ThreadedIncident]) -> [Match] {
        var owner: [Int: Int] = [:]
        for (index, one) in kept.enumerated() where one.thread.mergedInto == nil {
            let same = found.firstIndex { $0.id == one.incident.id }
            owner[index] = same ?? found.firstIndex { isSame($0, one.incident) }
        }
        return found.enumerated().map { place, incident in
            let own = owner.filter { $0.value == place }.map(\.key).sorted { one, other in
                (kept[one].incident.start, kept[one].incident.id) < (
                    kept[other].incident.start, kept[other].incident.id
                )
            }
            guard let first = own.first else { return Match(incident: incident, kept: nil, merged: []) }
            let known = kept[first].incident
            var named = incident
            named.id = known.id
            named.detectedAt = known.detectedAt
            let others = own.dropFirst().flatMap { [kept[$0].incident.id] + kept[$0].incident.mergedFrom }
            named.mergedFrom = Set(known.mergedFrom + incident.mergedFrom + others).subtracting([known.id]).sorted()
            return Match(incident: named, kept: first, merged: Array(own.dropFirst()))
        }
    }

    private static func isSame(_ one: Incident, _ other: Incident) -> Bool {
        let gap = SeriesScan.bridgedGap
        return one.entities.contains { entity in
            other.entities.contains {
                $0.usage == entity.usage && $0.account.id == entity.account.id && $0.region == entity.region
                    && $0.start <= entity.end + gap && entity.start <= $0.end + gap
            }
        }
    }
}
