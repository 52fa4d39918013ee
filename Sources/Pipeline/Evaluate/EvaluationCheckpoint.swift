import UsageCore

/// How far evaluations have come, and whose turn it is to write.
struct EvaluationCheckpoint: Equatable, Sendable {
    /// What ended before is kept and not told; seconds since 1970.
    var watchedSince: Int64
    /// When the last evaluation that came to its end looked at the records; seconds since 1970.
    var evaluatedAt: Int64?
    /// Who is writing incidents just now: two that open one at the same moment could give it two names.
    var turn: IncidentThread.Claim?

    static let name = "evaluation"

    init(watchedSince: Int64) { self.watchedSince = watchedSince }

    /// Reads a kept one; nil where it is none.
    init?(document: String) {
        guard let json = try? JSONValue.parse(Array(document.utf8)),
            let since = json["watchedSince"]?.string.flatMap({ EventTime.parse($0) })
        else { return nil }
        watchedSince = since
        evaluatedAt = json["evaluatedAt"]?.string.flatMap { EventTime.parse($0) }
        if let by = json["turn"]?["by"]?.string,
            let until = json["turn"]?["until"]?.string.flatMap({ EventTime.parse($0) })
        {
            turn = IncidentThread.Claim(by: by, until: until)
        }
    }

    var document: String {
        var json = JSONText()
        json.object { json in
            json.name("watchedSince")
            json.string(EventTime.text(watchedSince))
            if let evaluatedAt {
                json.name("evaluatedAt")
                json.string(EventTime.text(evaluatedAt))
            }
            if let turn {
                json.name("turn")
                json.object { json in
                    json.name("by")
                    json.string(turn.by)
                    json.name("until")
                    json.string(EventTime.text(turn.until))
                }
            }
        }
        return json.text
    }
}
