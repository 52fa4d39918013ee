extension QBusiness {
    /// Puts any number of documents into an index, in tens, and gives those that did not get in.
    ///
    /// A document in place of one with its id is the same document, so failures may be put again. After a call that fails as a
    /// whole the rest is not tried: quota, conflict and throttling meet the next ones as well. What was taken is processed later,
    /// see `documents(index:deadline:)`.
    package func putDocuments(
        _ documents: [Document],
        index: String,
        deadline: ContinuousClock.Instant
    ) async -> [EntryFailure] {
        await inBatches(
            "BatchPutDocument",
            ["applications", application, "indices", index, "documents"],
            ids: documents.map(\.id),
            sizes: documents.map(\.content.count),
            deadline: deadline
        ) { documents[$0].json }
    }

    /// Removes documents from an index, in tens, and gives the positions of those that could not be.
    package func deleteDocuments(
        _ ids: [String],
        index: String,
        deadline: ContinuousClock.Instant
    ) async -> [EntryFailure] {
        await inBatches(
            "BatchDeleteDocument",
            ["applications", application, "indices", index, "documents", "delete"],
            ids: ids,
            sizes: ids.map { _ in 0 },
            deadline: deadline
        ) { ["documentId": .string(ids[$0])] }
    }

    /// What became of the documents of an index, in no order.
    package func documents(
        index: String,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> [DocumentDetail] {
        let operation = "ListDocuments"
        var details: [DocumentDetail] = []
        var query = [(name: "maxResults", value: "100")]
        for _ in 0..<Self.mostPages {
            let output = try await service.rest(
                operation,
                .get,
                ["applications", application, "index", index, "documents"],
                query: PercentEncoding.query(query),
                nil,
                isSafeToRepeat: true,
                deadline: deadline
            )
            for json in output["documentDetailList"]?.array ?? [] {
                guard let detail = DocumentDetail(json) else { throw service.lacks("documentId", operation) }
                details.append(detail)
            }
            // A page that names itself as the next one has nothing new behind it.
            guard let next = output["nextToken"]?.string, !next.isEmpty, next != query.last?.value else {
                return details
            }
            query = [query[0], (name: "nextToken", value: next)]
        }
        throw service.lacks("end after \(Self.mostPages) pages", operation)
    }

    private static let mostPages = 10_000

    private func inBatches(
        _ operation: String,
        _ path: [String],
        ids: [String],
        sizes: [Int],
        deadline: ContinuousClock.Instant,
        _ json: (Int) -> JSONValue
    ) async -> [EntryFailure] {
        let cut = EntryBatches(sizes: sizes, most: Self.mostInBatch, limit: Self.largestDocument)
        var failures = cut.tooLarge
        for (number, batch) in cut.batches.enumerated() {
            do throws(ServiceFailure) {
                let output = try await service.rest(
                    operation,
                    .post,
                    path,
                    ["documents": .array(batch.map(json))],
                    isSafeToRepeat: true,
                    deadline: deadline
                )
                failures += Self.failures(output, among: batch, ids)
            } catch {
                failures += cut.batches[number...].joined().map { EntryFailure(index: $0, cause: .failed(error)) }
                break
            }
        }
        return failures.sorted { $0.index < $1.index }
    }

    private static func failures(_ output: JSONValue, among batch: [Int], _ ids: [String]) -> [EntryFailure] {
        (output["failedDocuments"]?.array ?? []).flatMap { failed -> [EntryFailure] in
            let code = failed["error"]?["errorCode"]?.string ?? ""
            let cause = EntryFailure.Cause.refused(
                code: code,
                message: failed["error"]?["errorMessage"]?.string ?? "",
                isSendersFault: code != "InternalError"
            )
            return batch.filter { ids[$0] == failed["id"]?.string }.map { EntryFailure(index: $0, cause: cause) }
        }
    }
}
