/// Why a call to a service did not give what was asked for.
package struct ServiceFailure: Error, Equatable {
    /// What came instead.
    package enum Cause: Equatable, Sendable {
        /// The service said no.
        case refused(ServiceRefusal)
        /// No answer: not sent, or lost on the way.
        case noAnswer(AccessFailure)
        /// An answer that is not what the service's model says.
        case unreadable(String)
        /// The input breaks a limit of the service; nothing was sent.
        case invalidInput(String)
        /// The task was cancelled; the request may have been acted on.
        case cancelled
    }

    /// As `ServiceIdentity` names it.
    package let service: String
    package let operation: String
    /// Requests that were sent, 0 if none was.
    package let tries: Int
    package let cause: Cause

    /// Takes the parts as they are.
    package init(service: String, operation: String, tries: Int, cause: Cause) {
        self.service = service
        self.operation = operation
        self.tries = tries
        self.cause = cause
    }

    /// What the service objected to, if it answered.
    package var kind: ServiceRefusal.Kind? {
        guard case .refused(let refusal) = cause else { return nil }
        return refusal.kind
    }
}

extension ServiceFailure: CustomStringConvertible {
    /// One line: where, what happened, evidence, what to do.
    package var description: String {
        let place = "\(service) \(operation)"
        let effort = tries > 1 ? " after \(tries) tries" : ""
        switch cause {
        case .refused(let refusal): return "\(place): \(refusal.evidence)\(effort); \(refusal.kind.advice)"
        case .noAnswer(let failure): return "\(place): no answer\(effort) (\(failure))"
        case .unreadable(let detail):
            return "\(place): answer not understood (\(detail.asEvidence)); it may have been acted on"
        case .invalidInput(let detail):
            return "\(place): not sent (\(detail.asEvidence)); this is a fault of the caller"
        case .cancelled: return "\(place): cancelled\(effort); it may have been acted on"
        }
    }
}
