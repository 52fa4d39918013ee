/// The pattern of a CloudWatch Logs subscription filter that lets the watched usages through, and what ends them, and little else.
///
/// Amazon CloudWatch Logs User Guide, "Filter pattern syntax for metric filters, subscription filters": a regular expression between
/// percent signs, in which `^` and `$` anchor a name. There are no groups, so a name that begins with another wanted one is let through
/// by that one's beginning; what else begins so is left out by the function.
package enum FilterPattern {
    /// Characters that a pattern may have (CloudWatch Logs API Reference, "PutSubscriptionFilter").
    package static let longest = 1024

    /// The pattern, with names in the order of the catalog.
    package static func text(_ catalog: UsageCatalog) -> String {
        var names: [String] = []
        for usage in catalog.usages {
            let ends = usage.resources?.endedBy.flatMap(\.eventNames) ?? []
            for name in usage.eventNames + ends where !names.contains(name) { names.append(name) }
        }
        let beginnings = names.map { $0.hasSuffix("*") ? String($0.dropLast()) : $0 }
        var terms: [String] = []
        for (name, beginning) in zip(names, beginnings) {
            let isCovered = beginnings.contains { $0 != beginning && beginning.hasPrefix($0) }
            let covers = beginnings.contains { $0 != beginning && $0.hasPrefix(beginning) }
            if !isCovered { terms.append(name.hasSuffix("*") || covers ? "^\(beginning)" : "^\(name)$") }
        }
        return "{ $.eventName = %\(terms.joined(separator: "|"))% }"
    }
}
