/// An incident with the thread of its notices: what a store keeps.
package struct ThreadedIncident: Equatable, Sendable {
    package var incident: Incident
    package var thread: IncidentThread

    package init(_ incident: Incident, _ thread: IncidentThread = IncidentThread()) {
        self.incident = incident
        self.thread = thread
    }

    /// The stored document: the incident's members, then `updatedAt` and `thread`.
    ///
    /// - Parameters:
    ///   - now: Seconds since 1970.
    ///   - limit: Bytes above which long lists are cut, and said to be.
    /// - Returns: One JSON object.
    package func document(updatedAt now: Int64, limit: Int = .max) -> String {
        var more = JSONText()
        more.object { json in
            json.name("updatedAt")
            json.string(EventTime.text(now))
            json.name("thread")
            thread.write(to: &json)
        }
        let room = limit == .max ? limit : limit - more.bytes.count
        let text = incident.json(limit: room)
        return text.dropLast() + "," + more.text.dropFirst()
    }

    /// Reads a stored document; nil where it is no incident.
    package init?(document: [UInt8], _ catalog: UsageCatalog) {
        guard let json = try? JSONValue.parse(document), let incident = Incident(json, catalog) else { return nil }
        self.incident = incident
        thread = IncidentThread(json["thread"])
    }
}
