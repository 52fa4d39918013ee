import AWSAccess
import Synchronization
import Testing
import UsageCore

@testable import Pipeline

/// Every record is stored, was there, is refused or unresolved, whatever the domain does.
@Suite struct BulkStoreTests {
    private let time = StandingClock()
    private static let count = 20

    private static func batch(_ count: Int = count, more: String = "") throws -> IngestBatch {
        let catalog = try UsageCatalog.builtIn()
        var batch = IngestBatch(catalog, UsageMatcher(catalog), receivedAt: StandingClock.seconds)
        let text = (0..<count).map {
            RecordText().call("DescribeInstances", source: "ec2.amazonaws.com", at: StandingClock.seconds, id: $0)
        }.joined(separator: "\n")
        batch.begin(item: 0, source: "here", identity: Digest128(of: text))
        var reader = RecordReader()
        try Array((text + more).utf8).withUnsafeBufferPointer { try batch.read($0, &reader) }
        try batch.finish(&reader)
        return batch
    }

    private func store(
        _ domain: DomainOnWire,
        _ batch: IngestBatch,
        maxBytes: Int = 5 << 20,
        gzips: Bool = true,
        seconds: Int = 60
    ) async throws -> BulkStore.Outcome {
        let store = BulkStore(
            session: try .onWire(domain, time),
            endpoint: Endpoint(host: "search-x.eu-west-1.es.amazonaws.com"),
            maxBytes: maxBytes,
            gzips: gzips
        )
        let contexts = batch.accounts.map { AccountContext.missing($0) }
        return await store.store(batch, contexts: contexts, deadline: time.now + .seconds(seconds))
    }

    private func outcome(_ change: (inout BulkStore.Outcome) -> Void) -> BulkStore.Outcome {
        var outcome = BulkStore.Outcome()
        change(&outcome)
        return outcome
    }

    @Test(arguments: [true, false]) func `a batch is stored in bodies below the limit`(gzips: Bool) async throws {
        let domain = DomainOnWire()
        let result = try await store(domain, try Self.batch(), maxBytes: 4000, gzips: gzips)
        #expect(result.stored == Self.count && result.unresolved.isEmpty && result.refusals.isEmpty)
        #expect(domain.documents.count == Self.count)
        #expect(domain.sizes.count > 2 && domain.sizes.count == result.requests)
        #expect(domain.state.withLock { $0.packed.allSatisfy { $0 == gzips } })
        let request = try #require(domain.state.withLock { $0.requests.first })
        #expect(request.headers["Content-Type"] == "application/x-ndjson")
        #expect(request.headers["Authorization"]?.contains("/eu-west-1/es/aws4_request") ?? false)
    }

    @Test func `a batch that comes again finds its records, and a new one among them is added`() async throws {
        let domain = DomainOnWire()
        _ = try await store(domain, try Self.batch())
        #expect(try await store(domain, try Self.batch()).duplicates == Array(0..<Self.count))
        let more = "\n" + RecordText().call("X", source: "ec2.amazonaws.com", at: StandingClock.seconds, id: 99)
        let third = try await store(domain, try Self.batch(more: more))
        #expect(third.duplicates == Array(0..<Self.count) && third.stored == 1)
        #expect(domain.documents.count == Self.count + 1)
    }

    @Test func `only the items that were not looked at are sent again`() async throws {
        let domain = DomainOnWire {
            $0.faults = [
                .items([1, 3, 5], 429, "rejected_execution_exception"),
                .items([0, 2], 503, "unavailable_shards_exception"),
                .allItems(403, "cluster_block_exception"),
            ]
        }
        let result = try await store(domain, try Self.batch())
        #expect(domain.sizes == [20, 3, 2, 2])
        #expect(result == outcome { ($0.stored, $0.requests) = (20, 4) })
        #expect(time.sleeps == [.milliseconds(100), .milliseconds(200), .milliseconds(400)])
    }

    @Test func `what the domain never takes is unresolved when the tries or the time are used up`() async throws {
        for seconds in [2, 600] {
            let domain = DomainOnWire {
                $0.faults = Array(repeating: .allItems(429, "rejected_execution_exception"), count: 100)
            }
            let result = try await store(domain, try Self.batch(), seconds: seconds)
            #expect(result.unresolved == Array(0..<20))
            #expect(result.failure?.contains("429") ?? false)
            #expect(result.requests == (seconds == 2 ? 5 : 12))
        }
    }

    @Test func `what the mapping refuses is stored once more as core and whole record`() async throws {
        let domain = DomainOnWire { $0.refusedText = "event-111122223333-7\"" }
        let result = try await store(domain, try Self.batch())
        #expect(result == outcome { ($0.stored, $0.requests) = (20, 2) })
        #expect(domain.sizes == [20, 1])
        let name = "usage-records-2026.10.12/111122223333-event-111122223333-7"
        let document = try #require(domain.documents[name])
        #expect(document["unindexed"]?["eventID"]?.string == "event-111122223333-7")
        #expect(document["eventName"]?.string == "DescribeInstances")
        #expect(try await store(domain, try Self.batch()).duplicates.sorted() == Array(0..<20))
    }

    @Test func `what is refused again is told with its reason`() async throws {
        let domain = DomainOnWire { $0.hatedText = "event-111122223333-7\"" }
        let result = try await store(domain, try Self.batch())
        #expect(result.stored == 19)
        #expect(result.refusals == [.init(record: 7, reason: "mapper_parsing_exception", detail: "why")])
        #expect(domain.sizes == [20, 1])
    }

    @Test func `a body that is too large is halved, and a record that is too large alone is refused`() async throws {
        let domain = DomainOnWire { $0.faults = [.answer(413, ""), .answer(413, "")] }
        #expect(try await store(domain, try Self.batch()).stored == 20)
        #expect(domain.sizes == [20, 10, 5, 5, 10])
        let single = DomainOnWire { $0.faults = [.answer(413, "")] }
        let result = try await store(single, try Self.batch(1))
        #expect(result.refusals.map(\.reason) == ["too-large"])
        #expect(result.unresolved.isEmpty && result.stored == 0)
    }

    @Test(
        arguments: [
            .answer(429, ""), .answer(502, "<html>"), .answer(503, ""), .answer(504, ""),
            .answer(403, #"{"message":"Request throttled due to too many requests"}"#),
            .failure(.connectionLost(host: "h", detail: "reset")), .failure(.unreachable(host: "h", detail: "refused")),
            .failure(.timedOut(host: "h", afterMilliseconds: 30_000, sent: true)), .answer(200, ""), .answer(200, "{}"),
        ] as [DomainOnWire.Fault]
    )
    func `a request that failed as a whole is sent again`(fault: DomainOnWire.Fault) async throws {
        let domain = DomainOnWire { $0.faults = [fault, fault] }
        let result = try await store(domain, try Self.batch())
        #expect(result == outcome { ($0.stored, $0.requests) = (20, 3) })
        #expect(time.sleeps.count == 2)
    }

    @Test(
        arguments: [
            .cut, .lost(.connectionLost(host: "h", detail: "reset")),
            .lost(.timedOut(host: "h", afterMilliseconds: 30_000, sent: true)),
        ] as [DomainOnWire.Fault]
    )
    func `a request that was acted on without an answer finds its records the second time`(
        fault: DomainOnWire.Fault
    ) async throws {
        let domain = DomainOnWire { $0.faults = [fault] }
        let result = try await store(domain, try Self.batch())
        #expect(result == outcome { ($0.duplicates, $0.requests) = (Array(0..<20), 2) })
        #expect(domain.documents.count == 20)
    }

    @Test(
        arguments: [
            .answer(403, #"{"message":"User is not authorized"}"#), .answer(400, #"{"error":"bad"}"#),
            .failure(.untrusted(host: "h", detail: "certificate")),
        ] as [DomainOnWire.Fault]
    )
    func `a refusal that would come again ends the tries, with every record that is left unresolved`(
        fault: DomainOnWire.Fault
    ) async throws {
        let domain = DomainOnWire { $0.faults = [.items([], 200, ""), fault] }
        let result = try await store(domain, try Self.batch(), maxBytes: 4000)
        #expect(result.requests == 2 && result.stored == domain.sizes[0])
        #expect(result.unresolved == Array(domain.sizes[0]..<20))
        #expect(result.failure != nil)
    }

    @Test func `nothing to store is no request`() async throws {
        let domain = DomainOnWire()
        #expect(try await store(domain, try Self.batch(0)) == BulkStore.Outcome())
        #expect(domain.sizes.isEmpty)
    }
}
