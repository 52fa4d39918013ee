import AWSAccess
import UsageCore

/// Why the connector could not do what it was asked.
package enum ConnectorFailure: Error, Equatable {
    case unknownEvent(evidence: String)
    case questionsUnavailable
    /// The index does not take documents, and waiting will not change that.
    case stopped(put: Int, left: Int, ServiceFailure)
    /// What is too old could not be found or removed.
    case notRemoved(ServiceFailure)
    /// What stands as the checkpoint is none of ours.
    case unreadableCheckpoint(evidence: String)
}

extension ConnectorFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownEvent(let evidence):
            "event: neither a schedule nor a question (\(Hostile.shown(evidence))); send {} to synchronize now"
        case .questionsUnavailable:
            "question: cannot be answered by this version; ask in the web experience of the Amazon Q Business application"
        case .stopped(let put, let left, let failure):
            "Amazon Q index: \(Counted.text(put, "documents")) put, \(left) not (\(failure)); they are tried again at the next schedule"
        case .notRemoved(let failure):
            "Amazon Q index: what is past its retention could not be removed (\(failure)); it is tried again at the next schedule"
        case .unreadableCheckpoint(let evidence):
            "checkpoint connector: cannot be read (\(Hostile.shown(evidence))); remove it to have all incidents put anew"
        }
    }
}
