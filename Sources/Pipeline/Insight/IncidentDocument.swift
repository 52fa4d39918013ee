import AWSAccess
import UsageCore

/// An incident as a document of the Amazon Q Business index.
///
/// The id follows from the incident alone, so that a document that is put again replaces itself. Whoever may ask the application sees
/// it: the incidents have no readers of their own.
enum IncidentDocument {
    /// What begins the ids of our documents; others in the index are left alone.
    static let prefix = "usage-incident/"

    /// The id of an incident's document.
    static func id(_ incident: String) -> String { prefix + PercentEncoding.encode(incident) }

    /// The incidents that have become a part of this one.
    static func merged(_ incident: StoredIncident) -> [String] {
        guard let json = try? UsageCore.JSONValue.parse(Array(incident.document.utf8)) else { return [] }
        return (json["mergedFrom"]?.array ?? []).compactMap(\.string)
    }

    /// Changes with what a document is made of, so that all are put anew after a change of its form.
    private static let form = "1"

    /// What tells one version of an incident's document from another.
    static func digest(_ incident: StoredIncident) -> String {
        String(Digest128(of: form + incident.document).hexadecimal.prefix(16))
    }

    /// The document: text from the template and attributes to filter by; a stored document of an unknown form as it stands.
    static func document(_ stored: StoredIncident, _ catalog: UsageCatalog) -> QBusiness.Document {
        guard let json = try? UsageCore.JSONValue.parse(Array(stored.document.utf8)),
            let incident = Incident(json, catalog)
        else {
            return QBusiness.Document(
                id: id(stored.incidentID),
                title: "Incident \(Hostile.shown(stored.incidentID, limit: 64))",
                contentType: .json,
                content: Array(stored.document.utf8),
                attributes: common(stored)
            )
        }
        let text = InsightText(incident)
        return QBusiness.Document(
            id: id(incident.id),
            title: text.title,
            contentType: .plainText,
            content: Array(text.text.utf8),
            attributes: attributes(incident).merging(common(stored)) { $1 }
        )
    }

    /// Names that are Q's own begin with `_`; the index maps names of up to 30 characters.
    private static func common(_ stored: StoredIncident) -> [String: QBusiness.Document.AttributeValue] {
        [
            "_category": .string("usage-incident"), "severity": .string(stored.severity),
            "state": .string(stored.state),
            "started_at": date(stored.start), "ended_at": date(stored.end), "updated_at": date(stored.updatedAt),
        ]
    }

    private static func attributes(_ incident: Incident) -> [String: QBusiness.Document.AttributeValue] {
        var attributes: [String: QBusiness.Document.AttributeValue] = [
            "_created_at": date(incident.detectedAt), "pattern": .string(incident.pattern.rawValue),
        ]
        if let link = NotificationText.link(incident) { attributes["_source_uri"] = .string(link) }
        attributes["usages"] = list(incident.usages)
        attributes["accounts"] = list(incident.entities.map(\.account.id))
        attributes["account_names"] = list(incident.entities.compactMap(\.account.alias))
        attributes["account_types"] = list(incident.entities.compactMap(\.account.type))
        attributes["regions"] = list(incident.entities.map(\.region))
        if let cause = incident.causes.first {
            attributes["likely_cause"] = .string(Hostile.shown(cause.id, limit: 64))
        }
        if incident.cost.isKnown { attributes["cost_per_day_usd"] = dollars(incident.cost.perDay.expected) }
        return attributes
    }

    /// Elements of a list: what Amazon Q takes is not documented, so no more than a cautious ten.
    private static let mostInList = 10

    /// The first ones, each once; nil where there are none, as an element must not be empty.
    private static func list(_ texts: [String]) -> QBusiness.Document.AttributeValue? {
        var seen: Set<String> = []
        let shown = texts.filter { !$0.isEmpty && seen.insert($0).inserted }.prefix(mostInList)
        return shown.isEmpty ? nil : .strings(shown.map { Hostile.shown($0, limit: 200) })
    }

    private static func dollars(_ amount: Double) -> QBusiness.Document.AttributeValue? {
        Int(exactly: amount.rounded()).map { .integer($0) }
    }

    private static func date(_ seconds: Int64) -> QBusiness.Document.AttributeValue {
        .date(WallTime(milliseconds: 0).adding(seconds: seconds))
    }
}
