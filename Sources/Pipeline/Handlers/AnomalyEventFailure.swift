/// An event that belongs to another function.
struct AnomalyEventFailure: Error, Equatable, CustomStringConvertible {
    var description: String {
        "event: records of CloudTrail (CrossAccountAnomalyProcessor reads them from the store); send them to MultiAccountLogs"
    }
}
