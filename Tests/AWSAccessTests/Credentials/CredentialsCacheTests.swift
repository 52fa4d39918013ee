import AWSAccess
import Synchronization
import Testing

@Suite("CredentialsCache")
struct CredentialsCacheTests {
    /// A source that waits until the test lets each fetch go, and a clock that the test sets.
    private final class Stage: Sendable {
        private struct State {
            var now: Int64 = 0
            var fetches = 0
        }

        private let state = Mutex(State())
        private let begun = AsyncStream<Int>.makeStream()
        private let results = AsyncStream<Result<Int64?, AccessFailure>>.makeStream()

        var fetches: Int { state.withLock { $0.fetches } }

        func setClock(seconds: Int64) { state.withLock { $0.now = seconds * 1000 } }

        /// Returns once a fetch has begun.
        func fetchBegan() async {
            for await _ in begun.stream { return }
        }

        /// Lets the fetch under way, or the next one, end with keys that expire at that second (nil: never).
        func succeed(expiringAt second: Int64?) { results.continuation.yield(.success(second)) }

        func fail() { results.continuation.yield(.failure(.unreachable(host: "h", detail: "d"))) }

        func cache() -> CredentialsCache {
            CredentialsCache(now: { WallTime(milliseconds: self.state.withLock { $0.now }) }) { _ in
                let number = self.state.withLock { state in
                    state.fetches += 1
                    return state.fetches
                }
                self.begun.continuation.yield(number)
                for await result in self.results.stream {
                    return Credentials(
                        accessKeyId: "K\(number)",
                        secretAccessKey: "s",
                        expiration: try result.get().map { WallTime(milliseconds: $0 * 1000) }
                    )
                }
                throw CancellationError()
            }
        }
    }

    @Test func `all who ask at once wait for one fetch`() async throws {
        let stage = Stage()
        let cache = stage.cache()
        let tasks = (0..<50).map { _ in Task { try await cache.credentials().accessKeyId } }
        await stage.fetchBegan()
        stage.succeed(expiringAt: 3600)
        for task in tasks { #expect(try await task.value == "K1") }
        #expect(try await cache.credentials().accessKeyId == "K1")
        #expect(stage.fetches == 1)
    }

    @Test func `an error reaches all who wait and the next call asks again`() async throws {
        let stage = Stage()
        let cache = stage.cache()
        let waiting = Task { try await cache.credentials() }
        await stage.fetchBegan()
        stage.fail()
        await #expect(throws: AccessFailure.unreachable(host: "h", detail: "d")) { try await waiting.value }
        stage.succeed(expiringAt: 3600)
        #expect(try await cache.credentials().accessKeyId == "K2")
    }

    @Test func `what is still valid is served while a renewal runs`() async throws {
        let stage = Stage()
        let cache = stage.cache()
        stage.succeed(expiringAt: 3600)
        _ = try await cache.credentials()
        stage.setClock(seconds: 3600 - 301)
        #expect(try await cache.credentials().accessKeyId == "K1")
        #expect(stage.fetches == 1)

        stage.setClock(seconds: 3600 - 299)
        // The renewal cannot end before it is let go, so these answers are the old keys.
        for _ in 0..<3 { #expect(try await cache.credentials().accessKeyId == "K1") }
        await stage.fetchBegan()
        await stage.fetchBegan()
        #expect(stage.fetches == 2)
        stage.succeed(expiringAt: 7200)
        // With less than a minute left the caller waits for that same renewal.
        stage.setClock(seconds: 3600 - 59)
        #expect(try await cache.credentials().accessKeyId == "K2")
        #expect(stage.fetches == 2)
    }

    @Test func `a failed renewal leaves what is valid in place until its very end`() async throws {
        let stage = Stage()
        let cache = stage.cache()
        stage.succeed(expiringAt: 3600)
        _ = try await cache.credentials()
        stage.setClock(seconds: 3600 - 30)
        stage.fail()
        #expect(try await cache.credentials().accessKeyId == "K1")
        stage.setClock(seconds: 3600)
        stage.fail()
        await #expect(throws: AccessFailure.unreachable(host: "h", detail: "d")) { try await cache.credentials() }
        stage.succeed(expiringAt: 7200)
        #expect(try await cache.credentials().accessKeyId == "K4")
    }

    @Test func `keys without an end are kept and keys that came too late are refused`() async throws {
        let lasting = Stage()
        let cache = lasting.cache()
        lasting.succeed(expiringAt: nil)
        _ = try await cache.credentials()
        lasting.setClock(seconds: 1_000_000_000)
        #expect(try await cache.credentials().accessKeyId == "K1")
        #expect(lasting.fetches == 1)

        let late = Stage()
        late.setClock(seconds: 100)
        late.succeed(expiringAt: 100)
        let lateCache = late.cache()
        await #expect {
            try await lateCache.credentials()
        } throws: { error in
            guard case .credentials = error as? AccessFailure else { return false }
            return true
        }
    }

    @Test func `a caller who is cancelled does not end the fetch of the others`() async throws {
        let stage = Stage()
        let cache = stage.cache()
        let first = Task { try await cache.credentials() }
        await stage.fetchBegan()
        let second = Task { try await cache.credentials().accessKeyId }
        first.cancel()
        stage.succeed(expiringAt: 3600)
        #expect(try await second.value == "K1")
        #expect(stage.fetches == 1)
    }
}
