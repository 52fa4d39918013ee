/// Which callers a series is of.
///
/// People, pipelines and keys would be hidden behind autoscaling, and it behind them.
package enum CallerClass: UInt8, Sendable {
    /// Not told apart: usages of high volume, whose records are not looked into.
    case all
    /// Auto Scaling, fleets, Karpenter, storage drivers.
    case controllers
    /// Everybody else.
    case others
}

extension CallerClass {
    /// The class that a record of `usage` counts under.
    @inline(__always)
    init(of usage: Usage, _ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) {
        self = !usage.isLowVolume ? .all : Controller.isCalling(fields, bytes) ? .controllers : .others
    }

    /// The word that stored records have for it.
    package var name: String {
        switch self {
        case .all: "all"
        case .controllers: "controllers"
        case .others: "others"
        }
    }

    /// The class of that word.
    package init?(name: String) {
        guard let known = [Self.all, .controllers, .others].first(where: { $0.name == name }) else { return nil }
        self = known
    }
}
