import AWSAccess

/// Puts documents into the index and tells apart what became of them.
struct DocumentPut {
    /// How a document fared.
    enum Fate: Equatable {
        case put
        /// The index refuses it for what it is.
        case refused(EntryFailure.Cause)
        /// It may get in later: the index is busy, or was not reached in time.
        case deferred(EntryFailure.Cause)
    }

    struct Result {
        /// One for each document, in order.
        var fates: [Fate]
        /// Why no further document should be tried in this run.
        var stop: ServiceFailure?
    }

    let service: QBusiness
    let index: String
    let clock: CallClock

    /// Tries for a document that the index itself failed on.
    private static let mostTries = 3

    /// Puts `documents`, and again those that the index failed on, while there is time.
    func put(_ documents: [QBusiness.Document], deadline: ContinuousClock.Instant) async throws -> Result {
        var result = Result(fates: documents.map { _ in .put })
        var open = Array(documents.indices)
        for round in 1... {
            let failures = await service.putDocuments(open.map { documents[$0] }, index: index, deadline: deadline)
            var again: [Int] = []
            for failure in failures {
                let document = open[failure.index]
                switch failure.cause {
                case .failed(let reason):
                    result.fates[document] = .deferred(failure.cause)
                    result.stop = result.stop ?? reason
                case .refused(let code, _, _) where code == "InternalError":
                    result.fates[document] = .deferred(failure.cause)
                    again.append(document)
                // The index is being made or changed: what it takes then is not known now.
                case .refused(let code, _, _) where code == "ResourceInactive":
                    result.fates[document] = .deferred(failure.cause)
                case .refused, .tooLarge: result.fates[document] = .refused(failure.cause)
                }
            }
            let wait = Duration.milliseconds(500 * round) * (0.5 + clock.random() / 2)
            guard !again.isEmpty, result.stop == nil, round < Self.mostTries, clock.instant() + wait * 2 < deadline
            else {
                break
            }
            try await clock.sleep(wait)
            for document in again { result.fates[document] = .put }
            open = again
        }
        return result
    }
}

extension ServiceFailure {
    /// Whether the same call may get through at a later run without anybody doing anything.
    var mayPass: Bool {
        switch cause {
        case .refused(let refusal): [.throttled, .conflict, .unavailable].contains(refusal.kind)
        case .noAnswer(.timedOut), .noAnswer(.connectionLost), .noAnswer(.unreachable): true
        case .noAnswer, .unreadable, .invalidInput, .cancelled: false
        }
    }
}
