import AWSAccess
import UsageCore

/// What the connector is asked to do.
enum ConnectorEvent: Equatable {
    /// By an EventBridge rule, by EventBridge Scheduler, or by hand with nothing in it.
    case synchronize
    /// By a person.
    case question

    /// Tells the event by its content.
    init(_ bytes: [UInt8]) throws(ConnectorFailure) {
        guard bytes.contains(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else {
            self = .synchronize
            return
        }
        guard let json = AWSAccess.JSONValue(bytes) else {
            throw .unknownEvent(evidence: "no JSON in \(Counted.text(bytes.count, "bytes"))")
        }
        switch json {
        case .null: self = .synchronize
        case .object(let members) where members.isEmpty: self = .synchronize
        case .object where json["question"] != nil: self = .question
        case .object where ["aws.events", "aws.scheduler"].contains(json["source"]?.string): self = .synchronize
        case .object where json["detail-type"]?.string == "Scheduled Event": self = .synchronize
        case .object(let members):
            throw .unknownEvent(evidence: "members " + members.prefix(5).map(\.name).joined(separator: ", "))
        default: throw .unknownEvent(evidence: "JSON that is no object")
        }
    }
}
