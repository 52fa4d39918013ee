import AWSAccess
import UsageCore

/// What invoked CrossAccountAnomalyProcessor, told by the event's content.
enum AnomalyEvent: Equatable, Sendable {
    /// CloudFormation asks for something to be set up, changed or removed.
    case customResource(CustomResourceRequest)
    /// Something wants an evaluation; the word says what, for the log.
    case evaluation(String)
    /// A count has reached its limit, which wants an evaluation at once.
    case signal([EarlySignal])
    /// Records, which another function takes.
    case records

    /// Reads an event; whatever is no other function's leads to an evaluation, which looks at the store and never at the event.
    init(_ bytes: [UInt8]) {
        // A test message of OpenSearch's notifications is plain text.
        guard let json = AWSAccess.JSONValue(bytes) else {
            self = .evaluation(bytes.isEmpty ? "empty" : "text")
            return
        }
        if let request = CustomResourceRequest(json) {
            self = .customResource(request)
        } else if json["awslogs"] != nil {
            self = .records
        } else if let source = json["Records"]?.array?.first.flatMap({ $0["EventSource"] ?? $0["eventSource"] })?.string
        {
            self = source == "aws:sns" ? .evaluation("alert") : .records
        } else if let signals = try? EarlySignal.signals(in: UsageCore.JSONValue.parse(bytes)), !signals.isEmpty {
            self = .signal(signals)
        } else if let type = json["detail-type"]?.string {
            self = .evaluation(type == "Scheduled Event" ? "schedule" : "signal")
        } else {
            self = .evaluation(json == .object([]) ? "empty" : "request")
        }
    }
}
