/// One entry of a batch that did not get through, while others may have.
package struct EntryFailure: Error, Equatable, Sendable {
    /// Why not.
    package enum Cause: Equatable, Sendable {
        /// The service took the batch and refused this entry.
        case refused(code: String, message: String, isSendersFault: Bool)
        /// It is longer than any batch may be; it was not sent.
        case tooLarge(bytes: Int, limit: Int)
        /// The call for its part of the batch failed; it may have been acted on.
        case failed(ServiceFailure)
    }

    /// Position among the entries that were given, from 0.
    package let index: Int
    package let cause: Cause

    /// Takes the parts as they are.
    package init(index: Int, cause: Cause) {
        self.index = index
        self.cause = cause
    }
}

extension EntryFailure: CustomStringConvertible {
    /// One line: which entry, what happened, evidence.
    package var description: String {
        switch cause {
        case .refused(let code, let message, let isSendersFault):
            let evidence = [code, message].filter { !$0.isEmpty }.joined(separator: ": ").asEvidence
            return "entry \(index): refused (\(evidence)); "
                + (isSendersFault ? "the entry is at fault" : "it may get through later")
        case .tooLarge(let bytes, let limit):
            return "entry \(index): not sent (\(bytes) bytes, at most \(limit)); put it elsewhere"
        case .failed(let failure): return "entry \(index): \(failure)"
        }
    }
}
