import AWSAccess

/// A number that a panel shows.
package struct PanelMetric: Sendable {
    package enum Function: String, Sendable {
        /// Of documents.
        case count
        case sum
        case average = "avg"
        case maximum = "max"
        /// How many different values there are; exact up to 3,000, then about.
        case cardinality
    }

    package let function: Function
    /// Nil for a count.
    package let field: String?
    package let label: String

    static func count(_ label: String) -> PanelMetric { PanelMetric(function: .count, field: nil, label: label) }

    static func sum(_ field: String, _ label: String) -> PanelMetric {
        PanelMetric(function: .sum, field: field, label: label)
    }

    static func average(_ field: String, _ label: String) -> PanelMetric {
        PanelMetric(function: .average, field: field, label: label)
    }

    static func maximum(_ field: String, _ label: String) -> PanelMetric {
        PanelMetric(function: .maximum, field: field, label: label)
    }

    static func cardinality(_ field: String, _ label: String) -> PanelMetric {
        PanelMetric(function: .cardinality, field: field, label: label)
    }

    /// As a visualization's state has it.
    func state(_ id: Int) -> JSONValue {
        [
            "id": .string("\(id)"), "enabled": true, "type": .string(function.rawValue), "schema": "metric",
            "params": ["field": field.map { .string($0) }, "customLabel": .string(label)],
        ]
    }

    /// As a search asks for it; nil for a count, which every bucket has.
    func search(_ pattern: IndexPattern) -> JSONValue? {
        guard let field else { return nil }
        if let scripted = pattern.scripted.first(where: { $0.name == field }) {
            let script: JSONValue = ["script": ["source": .string(scripted.script), "lang": "painless"]]
            return .sorted([function.rawValue: script])
        }
        return .sorted([function.rawValue: ["field": .string(field)]])
    }
}
