/// How a part stands in a domain.
enum PartState: Equatable, Sendable {
    case absent
    /// Ours, and as it is asked for; `id` is what the domain calls it, where it gives names of its own.
    case current(id: String)
    /// Ours, and not as it is asked for.
    case different(id: String)
    /// Something of this name that is not ours, with the evidence.
    case foreign(String)
    /// The domain has no place for it, with the reason: a plugin or version that it lacks.
    case unsupported(String)
    /// The caller may not see how it stands, with the reason.
    case hidden(String)
    /// It could not be seen how it stands, with the reason: it may be later.
    case unreachable(String)

    /// What the domain calls it.
    var id: String? {
        switch self {
        case .current(let id), .different(let id): id
        case .absent, .foreign, .unsupported, .hidden, .unreachable: nil
        }
    }
}
