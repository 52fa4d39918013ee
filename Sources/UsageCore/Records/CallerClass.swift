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
