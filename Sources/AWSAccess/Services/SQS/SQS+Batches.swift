extension SQS {
    /// Sends any number of messages, in batches as SQS takes them, and gives those that did not get through.
    ///
    /// Nothing is thrown, so that no message is lost sight of: what is not in the result was taken by SQS. Entries that failed
    /// by no fault of ours are sent again as the session's policy says.
    package func sendMessages(
        _ bodies: [String],
        queueURL: String,
        deadline: ContinuousClock.Instant
    ) async -> [EntryFailure] {
        await all(
            "SendMessageBatch",
            queueURL: queueURL,
            sizes: bodies.map(\.utf8.count),
            deadline: deadline
        ) { ["MessageBody": .string(bodies[$0])] }
    }

    /// Deletes messages that were received, and gives those that could not be: they come back when their visibility ends.
    package func deleteMessages(
        _ messages: [Message],
        queueURL: String,
        deadline: ContinuousClock.Instant
    ) async -> [EntryFailure] {
        await all(
            "DeleteMessageBatch",
            queueURL: queueURL,
            sizes: messages.map { _ in 0 },
            deadline: deadline
        ) { ["ReceiptHandle": .string(messages[$0].receiptHandle)] }
    }

    /// Shows messages that were received to others again, and gives those for which that failed: they come back by themselves when
    /// their visibility ends.
    package func releaseMessages(
        _ messages: [Message],
        queueURL: String,
        deadline: ContinuousClock.Instant
    ) async -> [EntryFailure] {
        await all(
            "ChangeMessageVisibilityBatch",
            queueURL: queueURL,
            sizes: messages.map { _ in 0 },
            deadline: deadline
        ) { ["ReceiptHandle": .string(messages[$0].receiptHandle), "VisibilityTimeout": .integer(0)] }
    }

    private func all(
        _ operation: String,
        queueURL: String,
        sizes: [Int],
        deadline: ContinuousClock.Instant,
        _ members: (Int) -> [String: JSONValue]
    ) async -> [EntryFailure] {
        let cut = EntryBatches(sizes: sizes, most: Self.mostInBatch, limit: Self.largestMessage)
        var failures = cut.tooLarge
        for batch in cut.batches {
            failures += await one(operation, queueURL: queueURL, batch, deadline: deadline, members)
        }
        return failures.sorted { $0.index < $1.index }
    }

    private func one(
        _ operation: String,
        queueURL: String,
        _ batch: [Int],
        deadline: ContinuousClock.Instant,
        _ members: (Int) -> [String: JSONValue]
    ) async -> [EntryFailure] {
        var pending = batch
        var final: [EntryFailure] = []
        var tries = 0
        while true {
            tries += 1
            do throws(ServiceFailure) {
                let entries = pending.map { index -> JSONValue in
                    .sorted(members(index).merging(["Id": .string(String(index))]) { first, _ in first })
                }
                let input: JSONValue = ["QueueUrl": .string(queueURL), "Entries": .array(entries)]
                let output = try await call(operation, input, deadline: deadline)
                let failed = (output["Failed"]?.array ?? []).compactMap(Self.failure)
                final += failed.filter(\.isFinal)
                let passing = failed.filter { !$0.isFinal }
                if passing.isEmpty { return final }
                pending = passing.map(\.index)
                guard try await pause(operation, tries: tries, deadline: deadline) else { return final + passing }
            } catch {
                return final + pending.map { EntryFailure(index: $0, cause: .failed(error)) }
            }
        }
    }

    private static func failure(_ json: JSONValue) -> EntryFailure? {
        guard let index = json["Id"]?.string.flatMap({ Int($0) }) else { return nil }
        return EntryFailure(
            index: index,
            cause: .refused(
                code: json["Code"]?.string ?? "",
                message: json["Message"]?.string ?? "",
                isSendersFault: json["SenderFault"]?.bool ?? false
            )
        )
    }
}

extension EntryFailure {
    /// Whether the same entry would be refused again.
    fileprivate var isFinal: Bool {
        guard case .refused(_, _, let isSendersFault) = cause else { return true }
        return isSendersFault
    }
}
