/// Credentials for whoever signs, fetched once for all who wait, and renewed before they expire.
///
/// What is still valid is served at once while a renewal runs beside it. Only when little is left do callers wait for the
/// renewal, and even then what is valid is served if it fails. Errors are not remembered: the next call asks again.
package actor CredentialsCache {
    /// Gives new credentials or throws.
    package typealias Fetch = @Sendable (_ deadline: ContinuousClock.Instant) async throws -> Credentials

    private let fetch: Fetch
    private let now: @Sendable () -> WallTime
    private var current: Credentials?
    private var renewal: Task<Credentials, any Error>?

    /// With less left than this a renewal is begun: AWS hands new ones out from 5 minutes before the end on.
    package static let renewsWithin: Int64 = 300  // seconds
    /// With less left than this callers wait for it: a request signed now must still be valid when it arrives.
    package static let waitsWithin: Int64 = 60  // seconds
    /// How long one renewal may take, whoever waits for it.
    package static let longestFetch = Duration.seconds(5)

    /// A cache in front of `fetch`, with the clock passed in.
    package init(now: @escaping @Sendable () -> WallTime = { .now() }, fetch: @escaping Fetch) {
        self.now = now
        self.fetch = fetch
    }

    /// A cache in front of the source that the environment names.
    package init(source: CredentialsSource, transport: any HTTPTransport) {
        self.init { deadline in try await source.fetch(over: transport, deadline: deadline) }
    }

    /// Credentials that are valid now.
    ///
    /// - Throws: What the fetch threw, if nothing valid is left; `AccessFailure.credentials` if the source gave what has already
    ///   expired.
    package func credentials() async throws -> Credentials {
        if let current, let left = secondsLeft(of: current) {
            if left > Self.renewsWithin { return current }
            let renewal = renew()
            if left > Self.waitsWithin { return current }
            do {
                return try await renewal.value
            } catch {
                if (secondsLeft(of: current) ?? 0) > 0 { return current }
                throw error
            }
        }
        // Nothing yet, or credentials without an end.
        if let current { return current }
        return try await renew().value
    }

    /// Forgets `credentials` if they are the ones served now: a service called them expired, whatever their end says.
    package func discard(_ credentials: Credentials) {
        if current == credentials { current = nil }
    }

    /// The renewal under way, or a new one.
    ///
    /// A task of its own, so that a caller who is cancelled does not take the others' credentials along.
    private func renew() -> Task<Credentials, any Error> {
        if let renewal { return renewal }
        let task = Task { [fetch] in
            do {
                let fresh = try await fetch(.now + Self.longestFetch)
                return try self.keep(fresh)
            } catch {
                self.renewal = nil
                throw error
            }
        }
        renewal = task
        return task
    }

    private func keep(_ fresh: Credentials) throws -> Credentials {
        if let left = secondsLeft(of: fresh), left <= 0 {
            throw AccessFailure.credentials(source: "their source", detail: "expired when they came, \(-left) s ago")
        }
        current = fresh
        renewal = nil
        return fresh
    }

    /// nil if they have no end.
    private func secondsLeft(of credentials: Credentials) -> Int64? {
        credentials.expiration.map { ($0.milliseconds - now().milliseconds) / 1000 }
    }
}
