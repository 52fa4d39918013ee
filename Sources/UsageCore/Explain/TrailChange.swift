/// What is said of calls that blind this analysis: each is told by itself, with what it did to which trail.
enum TrailChange {
    /// What calls do, as the end of `CloudTrail trail org-trail ...`.
    private static let deeds = [
        "StopLogging": "was stopped", "DeleteTrail": "was deleted", "UpdateTrail": "was changed",
        "PutEventSelectors": "was told to record other events", "PutInsightSelectors": "got other Insights settings",
        "DeleteEventDataStore": "was deleted", "StopEventDataStoreIngestion": "takes in no more records",
        "UpdateEventDataStore": "was changed",
    ]
    /// After these nothing comes any more.
    private static let stopNames: Set<String> = [
        "StopLogging", "DeleteTrail", "StopEventDataStoreIngestion", "DeleteEventDataStore",
    ]
    /// Deeds told one by one.
    private static let shown = 3

    /// One sentence for each thing that was done, then what follows from it; nil where the incident is of something else.
    static func summary(_ incident: IncidentCase, _ causes: [Cause]) -> String? {
        let calls = incident.parts.filter { $0.anomaly.channel == .call }
        guard calls.count == incident.parts.count else { return nil }
        let records = calls.flatMap(\.evidence.records).sorted { ($0.seconds, $0.eventId) < ($1.seconds, $1.eventId) }
        guard let first = records.first else { return nil }
        var sentences: [String] = []
        for record in records {
            let sentence = sentence(record)
            if !sentences.contains(sentence) { sentences.append(sentence) }
        }
        let more = sentences.count - shown
        var text = capitalized(sentences.prefix(shown).joined(separator: "; "))
        if more > 0 { text += " and \(Counted.text(more, "more changes"))" }
        let place = Hostile.shown(incident.directory[first.accountId].spoken, limit: 60)
        text +=
            " in \(place) (\(Hostile.shown(first.region, limit: 40))) at \(EventTime.minuteText(first.seconds)) UTC."
        let done = records.filter { $0.errorCode == nil }
        if done.contains(where: stops) {
            let accounts = incident.counts.accounts.count
            text +=
                " If this analysis lives on it, records of \(Counted.text(accounts, "accounts")) no longer arrive"
                + " until it is started again."
        } else if !done.isEmpty {
            text += " It may record less than before."
        } else {
            text += " Nothing was changed."
        }
        if let cause = causes.first, cause.id != "unknown" {
            text += " Likely cause: \(cause.title) (confidence \(cause.confidence.rawValue))."
        }
        return text
    }

    /// `CloudTrail trail org-trail was stopped by user ann`.
    static func sentence(_ record: WatchedRecord) -> String {
        let isStore = record.eventName.hasSuffix("EventDataStore") || record.eventName == "StopEventDataStoreIngestion"
        let name = record.facts.attributes["trail"]?.first.map { " " + Hostile.shown(shortened($0), limit: 80) } ?? ""
        let thing = (isStore ? "CloudTrail event data store" : "CloudTrail trail") + name
        let who = Hostile.shown(Principal.spoken(record.caller.principal), limit: 80)
        if let code = record.errorCode {
            let call = Hostile.shown(record.eventName, limit: 60)
            return "\(who) tried \(call) on \(thing) and was denied (\(Hostile.shown(code, limit: 60)))"
        }
        return "\(thing) \(deeds[record.eventName] ?? "was changed") by \(who)"
    }

    /// Whether nothing comes from the trail after this call.
    static func stops(_ record: WatchedRecord) -> Bool {
        record.errorCode == nil && stopNames.contains(record.eventName)
    }

    /// The name in an ARN.
    private static func shortened(_ name: String) -> String {
        name.hasPrefix("arn:") ? name.split(separator: "/").last.map(String.init) ?? name : name
    }

    private static func capitalized(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst()
    }
}
