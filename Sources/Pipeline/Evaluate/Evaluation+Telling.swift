import UsageCore

/// Sending what is owed.
extension Evaluation {
    /// Sends what is owed and notes it.
    func tell(_ owed: [Owed], _ report: inout EvaluationReport) async throws {
        var problems: [String] = []
        for one in owed {
            let incident = one.threaded.incident
            var told: [String] = []
            for channel in parts.channels {
                guard let kind = one.channels[channel.name] else { continue }
                guard timeLeft > Self.sendingTime else {
                    problems.append("\(incident.id) to \(channel.name): the deadline is near")
                    continue
                }
                let notice = Notice(kind, incident, last: one.threaded.thread.told[channel.name])
                do {
                    try await channel.send(notice, deadline: deadline - .seconds(1))
                    told.append(channel.name)
                    report.noticesSent += 1
                } catch {
                    problems.append("\(incident.id) to \(channel.name): \(error)")
                }
            }
            try await note(told, of: one)
        }
        if !problems.isEmpty { throw EvaluationFailure.unsent(problems) }
    }

    /// Notes in the stored incident what was told, and gives the claim up.
    private func note(_ channels: [String], of owed: Owed) async throws {
        var kept = owed.kept
        var current = owed.threaded
        for _ in 0..<Self.rounds {
            let now = parts.now()
            for channel in channels { current.thread.note(owed.threaded.incident, told: channel, at: now) }
            if current.thread.claim?.by == me { current.thread.claim = nil }
            if try await parts.store.keep(StoredIncident(current, at: now), replacing: kept) != nil { return }
            // Somebody has written in between; what was told is noted on top of it.
            let all = try await parts.store.incidents(endingSince: 0)
            guard let other = all.first(where: { $0.incident.incidentID == kept.incident.incidentID }),
                let read = threaded(other)
            else { return }
            // An answer to the first try may have been lost.
            if read.thread == current.thread { return }
            (kept, current) = (other, read)
        }
        throw EvaluationFailure.contended(tries: Self.rounds)
    }
}
