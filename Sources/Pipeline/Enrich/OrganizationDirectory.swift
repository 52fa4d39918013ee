import AWSAccess
import UsageCore

/// What is known of the accounts of an organization: in memory, in the state table, in AWS Organizations, in this order.
///
/// It never fails and never holds storing up: what is not known within `longestWait` counts as missing for this time. Answers that are
/// old are given at once and renewed before the invocation ends. Errors are not remembered as answers; after a refusal the
/// organization is left alone for a while.
package actor OrganizationDirectory {
    private let reader: OrganizationReader
    private let table: (db: DynamoDB, name: String)?
    private let clock: CallClock
    private var records: [String: AccountRecord] = [:]
    /// One for all who wait for the same account.
    private var lookups: [String: Task<Void, Never>] = [:]
    private var quietUntil: Int64 = 0
    private var pace = LookupPace()
    private var refusal: ServiceFailure?

    /// What storing waits for accounts, in all.
    package static let longestWait = Duration.milliseconds(300)
    /// Beyond this many unknown accounts at once the whole organization is listed instead.
    static let fewUnknown = 10
    /// Accounts looked up at the same time: Organizations allows few calls a second.
    static let atOnce = 4
    /// Seconds without a call after a refusal.
    static let quiet: Int64 = 60
    /// The longest that a lookup may take, beside the invocation's own end.
    static let longestLookup = Duration.seconds(5)

    /// - Parameters:
    ///   - session: Who asks.
    ///   - stateTable: The second level; nil for none.
    ///   - readsUnits: Whether organizational units are looked up too.
    package init(session: AWSSession, stateTable: String?, readsUnits: Bool) {
        clock = session.clock
        let now: @Sendable () -> Int64 = { [clock = session.clock] in clock.now().milliseconds / 1000 }
        reader = OrganizationReader(Organizations(session: session), readsUnits: readsUnits, now: now)
        table = stateTable.map { (DynamoDB(session: session), $0) }
    }

    /// The directory that the settings ask for; nil where accounts are not looked up.
    package init?(_ settings: Settings, session: AWSSession) {
        guard settings.enrichesAccounts else { return nil }
        self.init(session: session, stateTable: settings.stateTable, readsUnits: settings.enrichesOrganization)
    }

    /// Why the organization could not be asked the last time, if it could not.
    package var lastRefusal: ServiceFailure? { refusal }

    /// The contexts of `ids`; of those that nobody could tell about in time, that they are missing.
    package func contexts(
        of ids: [String],
        deadline: ContinuousClock.Instant
    ) async -> [String: AccountContext] {
        let wanted = Set(ids.filter { AccountKey($0).digits == $0 })
        let now = clock.now().milliseconds / 1000
        let unknown = wanted.filter { records[$0] == nil }
        if !unknown.isEmpty {
            let end = min(deadline, clock.instant() + Self.longestLookup)
            await wait(for: start(unknown, end))
        }
        // Old answers are given as they are; their renewal ends with `refresh`.
        let old = wanted.filter { id in records[id].map { !$0.isFresh(at: now) } ?? false }
        if !old.isEmpty { _ = start(old, min(deadline, clock.instant() + Self.longestLookup)) }
        return ids.reduce(into: [:]) { $0[$1] = records[$1]?.context ?? .missing($1) }
    }

    /// Lets what was begun come to its end, or ends it at `deadline`: nothing may be under way when the process is frozen.
    package func refresh(deadline: ContinuousClock.Instant) async {
        let running = Array(lookups.values)
        guard !running.isEmpty else { return }
        let left = max(.zero, min(deadline - clock.instant(), Self.longestLookup))
        let limit = Task { [clock] in
            try? await clock.sleep(left)
            for task in running { task.cancel() }
        }
        for task in running { await task.value }
        limit.cancel()
        await limit.value
    }

    /// Begins the lookups that are not under way yet and gives all that concern `ids`.
    private func start(_ ids: Set<String>, _ deadline: ContinuousClock.Instant) -> [Task<Void, Never>] {
        let fresh = ids.filter { lookups[$0] == nil }
        if !fresh.isEmpty {
            let task = Task { await self.lookUp(fresh.sorted(), deadline) }
            for id in fresh { lookups[id] = task }
        }
        return ids.compactMap { lookups[$0] }
    }

    /// Waits until all of `tasks` have ended or `longestWait` is over, whichever comes first.
    ///
    /// No task group: it would not be left before its slowest member ends. What is left behind goes on, and `refresh` sees to its end.
    private func wait(for tasks: [Task<Void, Never>]) async {
        let gate = Gate()
        let timer = Task { [clock] in
            try? await clock.sleep(Self.longestWait)
            gate.open()
        }
        Task {
            for task in tasks { await task.value }
            gate.open()
        }
        await gate.wait()
        timer.cancel()
    }

    private func lookUp(_ ids: [String], _ deadline: ContinuousClock.Instant) async {
        defer { for id in ids { lookups[id] = nil } }
        var rest = ids
        await readTable(&rest, deadline)
        let now = clock.now().milliseconds / 1000
        guard !rest.isEmpty, now >= quietUntil else { return }
        var listed: [String: Organizations.Account] = [:]
        if rest.count > Self.fewUnknown {
            do throws(ServiceFailure) {
                for account in try await reader.allAccounts(deadline: deadline) { listed[account.id] = account }
                for id in rest where listed[id] == nil { await learn(.missing(id), deadline) }
                rest.removeAll { listed[$0] == nil }
            } catch {
                return note(error)
            }
        }
        await withTaskGroup(of: Void.self) { group in
            for (index, id) in rest.enumerated() {
                if index >= Self.atOnce { await group.next() }
                let account = listed[id]
                group.addTask { await self.lookUp(id, account, deadline) }
            }
        }
    }

    private func lookUp(_ id: String, _ listed: Organizations.Account?, _ deadline: ContinuousClock.Instant) async {
        while clock.now().milliseconds / 1000 >= quietUntil, clock.instant() + pace.pause < deadline, !Task.isCancelled
        {
            if pace.pause > .zero { try? await clock.sleep(pace.pause) }
            do throws(ServiceFailure) {
                let context = try await reader.context(of: id, listed: listed, deadline: deadline)
                pace.answered()
                return await learn(context, deadline)
            } catch {
                guard error.kind == .throttled else { return note(error) }
                pace.refused()
                refusal = error
                if pace.isHopeless { return note(error) }
            }
        }
    }

    /// Takes what the state table knows and is fresh out of `ids`.
    private func readTable(_ ids: inout [String], _ deadline: ContinuousClock.Instant) async {
        guard let table else { return }
        let now = clock.now().milliseconds / 1000
        let known = ids.filter { records[$0] == nil }
        do throws(ServiceFailure) {
            let keys = known.map { StateKey.context(of: $0) }
            for item in try await table.db.batchGetItem(keys, table: table.name, deadline: deadline) {
                guard let record = AccountRecord(item) else { continue }
                records[record.context.id] = record
            }
        } catch {
            refusal = error
        }
        ids.removeAll { records[$0]?.isFresh(at: now) ?? false }
    }

    private func learn(_ context: AccountContext, _ deadline: ContinuousClock.Instant) async {
        let record = AccountRecord(context: context, fetchedAt: clock.now().milliseconds / 1000)
        records[context.id] = record
        guard let table else { return }
        do throws(ServiceFailure) {
            // Of two processes the one that asked last is right.
            try await table.db.putItem(
                record.item,
                table: table.name,
                condition: .init(
                    "attribute_not_exists(pk) OR fetchedAt < :t",
                    values: [":t": .number(String(record.fetchedAt))]
                ),
                isSafeToRepeat: true,
                deadline: deadline
            )
        } catch {
            if error.kind != .conditionFailed { refusal = error }
        }
    }

    private func note(_ failure: ServiceFailure) {
        refusal = failure
        guard let kind = failure.kind, [.accessDenied, .throttled].contains(kind) else { return }
        quietUntil = clock.now().milliseconds / 1000 + Self.quiet
        pace = LookupPace()
    }
}
