/// Amazon EventBridge: putting events on a bus (EventBridge API Reference, version 2015-10-07).
package struct EventBridge: Sendable {
    /// One event of ours.
    package struct Event: Sendable, Equatable {
        package let source: String
        package let detailType: String
        /// A JSON object.
        package let detail: String
        /// Name or ARN; the account's default bus if nil.
        package let bus: String?
        /// ARNs that the event is about.
        package let resources: [String]

        /// Takes the parts as they are.
        package init(source: String, detailType: String, detail: String, bus: String? = nil, resources: [String] = []) {
            self.source = source
            self.detailType = detailType
            self.detail = detail
            self.bus = bus
            self.resources = resources
        }

        /// Bytes as EventBridge counts them ("Calculating PutEvents event entry size"); we give no time.
        var size: Int {
            source.utf8.count + detailType.utf8.count + detail.utf8.count + resources.reduce(0) { $0 + $1.utf8.count }
        }

        var json: JSONValue {
            [
                "Source": .string(source), "DetailType": .string(detailType), "Detail": .string(detail),
                "EventBusName": bus.map(JSONValue.string),
                "Resources": resources.isEmpty ? nil : .array(resources.map(JSONValue.string)),
            ]
        }
    }

    private let service: AWSService

    /// The service as the session sees it.
    package init(session: AWSSession) { service = AWSService(Self.identity, session: session) }

    /// Events in one request.
    package static let mostInBatch = 10
    /// Bytes of an event, and of all in one request.
    package static let largestBatch = 256 << 10

    private static let identity = ServiceIdentity(name: "EventBridge", endpointKey: "EVENTBRIDGE", hostPrefix: "events")
    private static let dialect = JSONDialect(version: "1.1", target: "AWSEvents")

    /// Puts any number of events, in batches as EventBridge takes them, and gives those that did not get through.
    ///
    /// Nothing is thrown, so that no event is lost sight of. Entries that failed for a reason that may pass are put again as the
    /// session's policy says; an event may arrive twice rather than not at all.
    package func putEvents(_ events: [Event], deadline: ContinuousClock.Instant) async -> [EntryFailure] {
        let cut = EntryBatches(sizes: events.map(\.size), most: Self.mostInBatch, limit: Self.largestBatch)
        var failures = cut.tooLarge
        for batch in cut.batches { failures += await put(batch, of: events, deadline: deadline) }
        return failures.sorted { $0.index < $1.index }
    }

    private func put(
        _ batch: [Int],
        of events: [Event],
        deadline: ContinuousClock.Instant
    ) async -> [EntryFailure] {
        let operation = "PutEvents"
        var pending = batch
        var final: [EntryFailure] = []
        var tries = 0
        while true {
            tries += 1
            do throws(ServiceFailure) {
                let output = try await service.json(
                    operation,
                    Self.dialect,
                    ["Entries": .array(pending.map { events[$0].json })],
                    isSafeToRepeat: true,
                    deadline: deadline
                )
                // One entry for each of ours, in order; those with a code failed.
                guard let entries = output["Entries"]?.array, entries.count == pending.count else {
                    throw service.lacks("Entries as many as were put", operation)
                }
                var passing: [EntryFailure] = []
                for (index, entry) in zip(pending, entries) {
                    guard let failure = Self.failure(index, entry) else { continue }
                    if case .refused(_, _, true) = failure.cause {
                        final.append(failure)
                    } else {
                        passing.append(failure)
                    }
                }
                if passing.isEmpty { return final }
                pending = passing.map(\.index)
                guard
                    try await service.pause(
                        operation,
                        after: .answered(status: 429),
                        tries: tries,
                        deadline: deadline
                    )
                else { return final + passing }
            } catch {
                return final + pending.map { EntryFailure(index: $0, cause: .failed(error)) }
            }
        }
    }

    private static func failure(_ index: Int, _ entry: JSONValue) -> EntryFailure? {
        guard let code = entry["ErrorCode"]?.string else { return nil }
        let mayPass = RetryPolicy.throttles.contains(code) || ["InternalFailure", "InternalException"].contains(code)
        return EntryFailure(
            index: index,
            cause: .refused(code: code, message: entry["ErrorMessage"]?.string ?? "", isSendersFault: !mayPass)
        )
    }
}
