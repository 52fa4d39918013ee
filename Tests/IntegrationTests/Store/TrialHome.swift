import Pipeline
import Testing
import UsageCore

/// One of the places where records and incidents can be, as the store tests see it.
protocol TrialHome: Sendable, CustomTestStringConvertible {
    /// Whether its counts have the record.
    func counts(_ record: TrailRecord) -> Bool
    /// Whether the record can be read again as evidence.
    func keeps(_ record: TrailRecord) -> Bool
    /// Whether its records say when they were received.
    var knowsArrival: Bool { get }

    /// Whether it tells when records came by their arrival instead of by their own time.
    var hearsByArrival: Bool { get }

    /// A new, empty store whose clock stands at `now`, seconds since 1970, and that looks `days` back.
    func make(_ catalog: UsageCatalog, now: Int64, days: Int) async throws -> any FillableStore
    /// What was wrong with the requests that were made.
    func violations() async throws -> [String]
}

extension TrialHome {
    var hearsByArrival: Bool { false }
}

/// A store that tests put records into, as the pipeline does.
protocol FillableStore: Sendable {
    /// The store as detection sees it.
    var store: any UsageStore { get }

    /// Adds the records of files; what is there already changes nothing.
    func add(_ paths: [String]) async throws
}
