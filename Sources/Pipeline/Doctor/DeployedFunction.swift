/// The functions of a deployment, by the names that the templates give them.
package enum DeployedFunction: String, CaseIterable, Sendable {
    case logs = "MultiAccountLogsFunction"
    case processor = "CrossAccountAnomalyProcessorFunction"
    case connector = "QBusinessConnectorFunction"

    /// The program in it, as its package is called.
    var program: String { String(rawValue.dropLast("Function".count)) }
}
