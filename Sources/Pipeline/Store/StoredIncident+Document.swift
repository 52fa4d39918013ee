import UsageCore

extension StoredIncident {
    /// Reads the fields that an incident is looked up by off its document; nil where it is no incident.
    package init?(document bytes: [UInt8]) {
        guard let json = try? JSONValue.parse(bytes), let id = json["incidentId"]?.string,
            let state = json["state"]?.string, let start = json["start"]?.string.flatMap({ EventTime.parse($0) }),
            let end = json["end"]?.string.flatMap({ EventTime.parse($0) }),
            let severity = json["severity"]?["level"]?.string
        else { return nil }
        self.init(
            incidentID: id,
            state: state,
            start: start,
            end: end,
            severity: severity,
            document: String(decoding: bytes, as: UTF8.self),
            updatedAt: json["updatedAt"]?.string.flatMap { EventTime.parse($0) } ?? end
        )
    }

    /// Bytes of a document, so that every home takes it: an item of DynamoDB has 400 KiB at the most.
    package static let largestDocument = 300 << 10

    /// An incident with its thread, as it is at `now`, seconds since 1970.
    package init(_ one: ThreadedIncident, at now: Int64) {
        self.init(
            incidentID: one.incident.id,
            state: one.incident.state.rawValue,
            start: one.incident.start,
            end: one.incident.end,
            severity: one.incident.severity.level.rawValue,
            document: one.document(updatedAt: now, limit: Self.largestDocument),
            updatedAt: now
        )
    }
}
