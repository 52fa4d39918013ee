import AWSAccess
import UsageCore

/// Writes records into OpenSearch through `POST _bulk`, and says of each what became of it.
///
/// A record is stored under a name of its own and only where nothing has that name, so that whatever is sent twice changes nothing:
/// each request may be repeated, and is while the deadline allows.
package struct BulkStore: Sendable {
    /// A record that the store does not take in any form.
    package struct Refusal: Sendable, Equatable {
        /// Its index in the batch.
        package var record: Int
        /// OpenSearch's type of the error, or `too-large`.
        package var reason: String
        package var detail: String
    }

    /// What became of a batch; each record is in one of these.
    package struct Outcome: Sendable, Equatable {
        package var stored = 0
        /// Records that were there already, by their indices.
        package var duplicates: [Int] = []
        package var refusals: [Refusal] = []
        /// Records of which nothing is known, by their indices.
        package var unresolved: [Int] = []
        /// Why not, where there are any.
        package var failure: String?
        /// Requests that were sent.
        package var requests = 0

        package init() {}
    }

    private let search: OpenSearch
    private let clock: CallClock
    private let policy: RetryPolicy
    private let maxBytes: Int
    private let gzips: Bool

    /// A store in a domain or collection.
    ///
    /// - Parameters:
    ///   - session: Who calls.
    ///   - endpoint: Of the domain or collection.
    ///   - maxBytes: Bytes of one body before compression.
    ///   - gzips: Whether bodies are compressed on the wire.
    package init(session: AWSSession, endpoint: Endpoint, maxBytes: Int, gzips: Bool) {
        // One try a call: which records to send again, and when, is decided here.
        var single = session
        single.policy.mostTries = 1
        search = OpenSearch(session: single, endpoint: endpoint)
        clock = session.clock
        // Domains that are short of resources recover within seconds; the deadline is what ends the tries.
        policy = RetryPolicy(mostTries: 12, base: .milliseconds(200), cap: .seconds(5))
        self.maxBytes = maxBytes
        self.gzips = gzips
    }

    /// Records that go together, in one form.
    private struct Portion {
        var items: ArraySlice<Int>
        var form = BulkBody.Form.whole
        /// Tries that have been made.
        var tries = 0
    }

    /// What one request led to.
    private enum Answer {
        case outcomes([BulkReply.Outcome])
        case tooLarge
        /// Nothing is known of the records; `cause` says whether trying again may help.
        case failed(RetryPolicy.Outcome, String)
    }

    /// Stores the records of `batch`; never throws, so that no record is lost sight of.
    ///
    /// - Parameters:
    ///   - batch: The records.
    ///   - contexts: Of the batch's accounts, in their order.
    ///   - deadline: When the last request must have ended.
    /// - Returns: What became of each record.
    package func store(
        _ batch: IngestBatch,
        contexts: [AccountContext],
        deadline: ContinuousClock.Instant
    ) async -> Outcome {
        var outcome = Outcome()
        var body = BulkBody(batch, contexts: contexts)
        let deflater = gzips ? Deflater() : nil
        var portions = [Portion(items: Array(batch.records.indices)[...])]
        while var portion = portions.popLast() {
            guard !portion.items.isEmpty else { continue }
            let count = body.fill(portion.items, limit: maxBytes, form: portion.form)
            portions.append(Portion(items: portion.items.dropFirst(count), form: portion.form, tries: portion.tries))
            portion.items = portion.items.prefix(count)
            outcome.requests += 1
            var pause = RetryPolicy.Outcome.answered(status: 429)
            var reason = ""
            switch await send(body.bytes, deflater, count: count, deadline: deadline) {
            case .outcomes(let all):
                var again: [Int] = []
                for (item, result) in zip(portion.items, all) {
                    switch result {
                    case .stored: outcome.stored += 1
                    case .duplicate: outcome.duplicates.append(item)
                    case .tryAgain(let detail):
                        again.append(item)
                        reason = detail
                    case .refused(let reason, let detail):
                        refuse(item, reason, detail, portion.form, &portions, &outcome)
                    }
                }
                guard !again.isEmpty else { continue }
                portion.items = again[...]
            case .tooLarge where count == 1:
                let size = "document of \(body.bytes.count) bytes: OpenSearch takes none so large (HTTP 413); set aside"
                portion.items.first.map {
                    outcome.refusals.append(Refusal(record: $0, reason: "too-large", detail: size))
                }
                continue
            case .tooLarge:
                portions.append(Portion(items: portion.items.dropFirst(count / 2), form: portion.form))
                portions.append(Portion(items: portion.items.prefix(count / 2), form: portion.form))
                continue
            case .failed(let cause, let detail):
                pause = cause
                reason = detail
            }
            portion.tries += 1
            portions.append(portion)
            if await !wait(pause, tries: portion.tries, deadline: deadline) {
                outcome.failure = reason
                break
            }
        }
        outcome.unresolved = portions.flatMap(\.items).sorted()
        return outcome
    }

    /// What is refused is offered once more in the form that any mapping takes; what is refused then stays so.
    private func refuse(
        _ item: Int,
        _ reason: String,
        _ detail: String,
        _ form: BulkBody.Form,
        _ portions: inout [Portion],
        _ outcome: inout Outcome
    ) {
        guard form == .whole else {
            return outcome.refusals.append(Refusal(record: item, reason: reason, detail: detail))
        }
        // All that wait for it lie together at the bottom, to be sent last.
        if portions.first?.form == .unindexed {
            portions[0].items.append(item)
        } else {
            portions.insert(Portion(items: [item], form: .unindexed), at: 0)
        }
    }

    private func send(
        _ body: [UInt8],
        _ deflater: Deflater?,
        count: Int,
        deadline: ContinuousClock.Instant
    ) async -> Answer {
        var headers: HTTPHeaders = ["Content-Type": "application/x-ndjson"]
        var sent = body
        if let packed = deflater?.gzip(body) {
            headers.add("Content-Encoding", "gzip")
            sent = packed
        }
        let response: HTTPResponse
        do throws(ServiceFailure) {
            response = try await search.send(
                .post,
                "/_bulk",
                headers: headers,
                body: sent,
                largestResponse: Self.largestReply,
                isSafeToRepeat: true,
                deadline: deadline
            )
        } catch {
            guard case .noAnswer(let failure) = error.cause else { return .failed(Self.final, "\(error)") }
            return .failed(.failed(failure), "\(error)")
        }
        if (200..<300).contains(response.status) {
            if let outcomes = BulkReply.outcomes(response.body, count: count) { return .outcomes(outcomes) }
            let size = response.body.count
            return .failed(
                .answered(status: 503),
                "OpenSearch POST /_bulk: answer not understood (\(size) bytes for \(count) records); it may have been acted on"
            )
        }
        if response.status == 413 { return .tooLarge }
        let refusal = OpenSearch.refusal(response)
        let cause = RetryPolicy.Outcome.answered(
            status: refusal.kind == .throttled ? 429 : response.status,
            retryAfter: response.retryAfter(now: clock.now())
        )
        let failure = ServiceFailure(
            service: "OpenSearch",
            operation: "POST /_bulk",
            tries: 1,
            cause: .refused(refusal)
        )
        return .failed(cause, "\(failure)")
    }

    /// Waits as the policy says; false where there shall be no further try.
    private func wait(_ cause: RetryPolicy.Outcome, tries: Int, deadline: ContinuousClock.Instant) async -> Bool {
        let decision = policy.next(
            after: cause,
            tries: tries,
            isSafeToRepeat: true,
            timeLeft: deadline - clock.instant(),
            random: clock.random()
        )
        guard case .wait(let duration) = decision else { return false }
        do {
            try await clock.sleep(duration)
            return true
        } catch {
            return false
        }
    }

    private static let final = RetryPolicy.Outcome.answered(status: 400)
    /// Replies repeat ids and, for what is refused, parts of the record: a few times what was sent at most.
    private static let largestReply = 64 << 20
}
