import AWSAccess

/// A dashboard: panels in rows, over the time that suits them.
package struct Dashboard: Sendable {
    /// Without our prefix.
    package let name: String
    package let title: String
    package let text: String
    /// Days up to now that are shown at first.
    package let days: Int
    /// From above to below.
    package let rows: [Row]

    /// Panels side by side.
    package struct Row: Sendable {
        /// In steps of the grid, about 20 pixels.
        let height: Int
        /// With shares of the width.
        let panels: [(panel: Panel, share: Int)]

        init(_ height: Int, _ panels: (panel: Panel, share: Int)...) {
            self.height = height
            self.panels = panels
        }

        init(_ height: Int, _ panels: [Panel]) {
            self.height = height
            self.panels = panels.map { ($0, 1) }
        }
    }

    package var id: String { "\(PartMark.owner)-\(name)" }

    package var panels: [Panel] { rows.flatMap { $0.panels.map(\.panel) } }

    /// Its panels and the dashboard itself.
    package var objects: [SavedObject] { panels.map(\.object) + [object] }

    private static let gridWidth = 48

    private var object: SavedObject {
        var placed: [JSONValue] = []
        var references: [SavedObject.Reference] = []
        var y = 0
        for row in rows {
            let shares = row.panels.map(\.share).reduce(0, +)
            var x = 0
            for (panel, share) in row.panels {
                let width = Self.gridWidth * share / shares
                let index = "\(placed.count + 1)"
                placed.append([
                    "version": "7.9.3", "panelIndex": .string(index),
                    "gridData": [
                        "x": .integer(x), "y": .integer(y), "w": .integer(width), "h": .integer(row.height),
                        "i": .string(index),
                    ],
                    "embeddableConfig": [:], "panelRefName": .string("panel_\(placed.count)"),
                ])
                references.append(.init(name: "panel_\(references.count)", kind: .visualization, id: panel.id))
                x += width
            }
            y += row.height
        }
        func text(_ json: JSONValue) -> JSONValue { .string(String(decoding: json.bytes, as: UTF8.self)) }
        let attributes: JSONValue = [
            "title": .string("Usage anomalies: \(title)"), "hits": 0, "panelsJSON": text(.array(placed)),
            "optionsJSON": text(["hidePanelTitles": false, "useMargins": true]), "version": 1, "timeRestore": true,
            "timeFrom": .string("now-\(days)d"), "timeTo": "now", "refreshInterval": ["pause": true, "value": 0],
            "kibanaSavedObjectMeta": [
                "searchSourceJSON": text(["query": ["query": "", "language": "kuery"], "filter": []])
            ],
        ]
        return .marked(.dashboard, id, self.text, attributes, references)
    }
}
