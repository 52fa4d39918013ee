import AWSAccess

/// A saved object of OpenSearch Dashboards, as its export and import have it (OpenSearch documentation, "Saved objects APIs").
package struct SavedObject: Equatable, Sendable {
    package enum Kind: String, Sendable {
        case pattern = "index-pattern"
        case visualization
        case dashboard

        /// The form in which objects of the kind are written here; every release of OpenSearch Dashboards reads it.
        fileprivate var form: String {
            switch self {
            case .pattern: "7.6.0"
            case .visualization: "7.10.0"
            case .dashboard: "7.9.3"
            }
        }
    }

    /// What an object names another by.
    package struct Reference: Equatable, Sendable {
        package let name: String
        package let kind: Kind
        package let id: String
    }

    package let kind: Kind
    package let id: String
    package let attributes: JSONValue
    package let references: [Reference]

    init(_ kind: Kind, _ id: String, _ attributes: JSONValue, _ references: [Reference]) {
        self.kind = kind
        self.id = id
        self.attributes = attributes
        self.references = references
    }

    /// An object whose description ends in the mark by which it is known again as ours.
    static func marked(
        _ kind: Kind,
        _ id: String,
        _ description: String,
        _ attributes: JSONValue,
        _ references: [Reference]
    ) -> SavedObject {
        let plain = SavedObject(kind, id, attributes.with("description", .string(description)), references)
        let text = PartMark.text(description, of: String(decoding: plain.json.bytes, as: UTF8.self))
        return SavedObject(kind, id, attributes.with("description", .string(text)), references)
    }

    /// The object as a line of the file has it.
    package var json: JSONValue {
        [
            "id": .string(id), "type": .string(kind.rawValue),
            "migrationVersion": .sorted([kind.rawValue: .string(kind.form)]), "attributes": attributes,
            "references": .array(
                references.map {
                    ["name": .string($0.name), "type": .string($0.kind.rawValue), "id": .string($0.id)]
                }
            ),
        ]
    }
}
