/// What is watched: the usages and the causes that can be told from records.
package struct UsageCatalog: Equatable, Sendable {
    package let usages: [Usage]
    package let causes: [CauseRule]

    /// Reads and checks a catalog; throws every violation at once.
    package init(json: [UInt8]) throws(CatalogFailure) {
        let tree: JSONValue
        do throws(DecodeFailure) {
            tree = try JSONValue.parse(json)
        } catch {
            throw CatalogFailure(problems: ["\(error)"])
        }
        var reader = CatalogReader()
        let catalog = reader.catalog(tree)
        guard reader.problems.isEmpty else { throw CatalogFailure(problems: reader.problems) }
        (usages, causes) = catalog
    }

    /// The catalog that is compiled in.
    package static func builtIn() throws(CatalogFailure) -> UsageCatalog {
        try UsageCatalog(json: builtInJSON)
    }

    /// Its text.
    package static var builtInJSON: [UInt8] { PackageResources.usage_catalog_json }

    /// The entry named `name`.
    package subscript(name: String) -> Usage? { usages.first { $0.name == name } }
}

/// What is wrong with a catalog: one line for each violation, with the path of the entry and the allowed values.
package struct CatalogFailure: Error, Equatable, CustomStringConvertible {
    package let problems: [String]

    package var description: String { problems.joined(separator: "\n") }
}
