import AWSAccess
import UsageCore

/// The dashboards of an organization's usage, made from the catalog.
package struct UsageDashboards: Sendable {
    let catalog: UsageCatalog

    package init(_ catalog: UsageCatalog) { self.catalog = catalog }

    /// In the order in which they are written.
    package var all: [Dashboard] { [organization, accounts, alike, trends, usages, cost, ingest] }

    /// The index patterns that panels read.
    ///
    /// - Throws: `ProvisionFailure`, where a template of ours cannot be read.
    package func patterns() throws(ProvisionFailure) -> [SavedObject] {
        var objects: [SavedObject] = []
        for pattern in IndexPattern.allCases {
            let text = pattern == .incidents ? IncidentTemplate.json : IndexTemplate.json(catalog)
            guard let template = AWSAccess.JSONValue(Array(text.utf8)) else {
                throw .unsupported("an index template of ours cannot be read")
            }
            objects.append(pattern.object(template: template))
        }
        return objects
    }

    /// Everything, as Dashboards' import takes it: one object on each line.
    package func ndjson() throws(ProvisionFailure) -> String {
        let objects = try patterns() + all.flatMap(\.objects)
        return objects.map { String(decoding: $0.json.bytes, as: UTF8.self) + "\n" }.joined()
    }

    /// A filter for each usage under its title, or under its name where another has the same title.
    var usageFilters: [(label: String, query: String)] {
        var seen: Set<String> = []
        return catalog.usages.map { usage in
            (seen.insert(usage.title).inserted ? usage.title : usage.name, #"usage.name:"\#(usage.name)""#)
        }
    }

    static let account = PanelBucket.terms("recipientAccountId", size: 100, label: "Account")
    static let hour = PanelBucket.time("eventTime", .hour, label: "Hour")
    static let day = PanelBucket.time("eventTime", .day, label: "Day")
    static let accountType = PanelBucket.terms(
        "account.type",
        size: 20,
        label: "Type of account",
        missing: "type not known"
    )

    func panel(
        _ name: String,
        _ title: String,
        _ text: String,
        _ kind: PanelKind,
        _ pattern: IndexPattern,
        _ scope: PanelScope,
        _ metrics: [PanelMetric],
        by buckets: [PanelBucket] = []
    ) -> Panel {
        Panel(
            name: name,
            title: title,
            text: text,
            content: .aggregated(kind, pattern, scope, metrics, buckets)
        )
    }

    func guide(_ name: String, _ markdown: String) -> Panel {
        Panel(name: "\(name)-guide", title: "How to read this", text: "What to look for.", content: .text(markdown))
    }
}
