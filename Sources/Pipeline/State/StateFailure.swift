import UsageCore

/// What the state table holds and cannot be used.
package enum StateFailure: Error, Equatable, CustomStringConvertible {
    /// An incident lacks what every writer of this product gives it.
    case unreadableIncident(table: String, id: String)

    package var description: String {
        switch self {
        case .unreadableIncident(let table, let id):
            "state table \(table): incident \(Hostile.shown(id, limit: 80)) cannot be read (attributes are missing); "
                + "delete the item, the next evaluation writes it anew"
        }
    }
}
