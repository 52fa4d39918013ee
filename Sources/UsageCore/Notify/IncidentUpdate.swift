/// What an evaluation changes of what is kept, decided from values alone.
package struct IncidentUpdate: Equatable, Sendable {
    /// The place of the kept one that is replaced; nil for a new one.
    package let kept: Int?
    /// What is to stand there; `thread` is still as it was.
    package let next: ThreadedIncident
    /// What is owed, by channel.
    package let owed: [String: NoticeKind]

    /// The weightiest of what is owed, for counting.
    package var kind: NoticeKind? { NoticeKind.allCases.first { owed.values.contains($0) } }
}

extension IncidentUpdate {
    /// What is known when an evaluation decides.
    package struct Situation: Sendable {
        /// Who decides; claims by others are respected.
        package var me: String
        /// Seconds since 1970, by the clock.
        package var now: Int64
        /// The moment as of which the incidents were judged.
        package var asOf: Int64
        /// When watching began.
        package var watchedSince: Int64
        /// When records of any kind came.
        package var activity: Activity
        package var channels: [String]

        package init(
            me: String,
            now: Int64,
            asOf: Int64,
            watchedSince: Int64,
            activity: Activity = Activity(),
            channels: [String]
        ) {
            self.me = me
            self.now = now
            self.asOf = asOf
            self.watchedSince = watchedSince
            self.activity = activity
            self.channels = channels
        }
    }

    /// The updates that `found` calls for; what stays as it is and owes nothing is not among them.
    ///
    /// A kept one that was not found again is resolved once it has been quiet for as long as incidents stay open; one of records that do not
    /// come, once they do, however long ago the days are by which it was found. One that somebody else
    /// is about to tell of is left alone: the next evaluation sees to it.
    package static func updates(
        _ found: [Incident],
        _ kept: [ThreadedIncident],
        _ situation: Situation
    ) -> [IncidentUpdate] {
        let matches = IncidentMatching.matches(found, with: kept)
        var updates: [IncidentUpdate] = []
        func add(_ incident: Incident, replacing place: Int?, mergedInto: String? = nil) {
            let old = place.map { kept[$0] }
            if old?.thread.isClaimed(byOthersThan: situation.me, at: situation.now) ?? false { return }
            var thread = old?.thread ?? IncidentThread()
            thread.mergedInto = mergedInto
            let next = ThreadedIncident(incident, thread)
            let owed = thread.owed(incident, to: situation.channels, watchedSince: situation.watchedSince)
            guard !owed.isEmpty || next.thread != old?.thread || next.incident.json != old?.incident.json else {
                return
            }
            updates.append(IncidentUpdate(kept: place, next: next, owed: owed))
        }
        for match in matches {
            add(match.incident, replacing: match.kept)
            for place in match.merged {
                var merged = kept[place].incident
                merged.state = .resolved
                add(merged, replacing: place, mergedInto: match.incident.id)
            }
        }
        let seen = Set(matches.flatMap { [$0.kept].compactMap { $0 } + $0.merged })
        for (place, one) in kept.enumerated() where !seen.contains(place) && one.thread.mergedInto == nil {
            var incident = one.incident
            if incident.state == .open, let heard = SilenceScan.isBroken(incident, situation.activity) {
                if let heard { (incident.state, incident.end) = (.resolved, heard) }
            } else if incident.end + SeriesScan.bridgedGap <= situation.asOf {
                incident.state = .resolved
            }
            add(incident, replacing: place)
        }
        return updates
    }
}
