import AWSAccess

/// The home of records and incidents that the settings name: the domain where there is one, else the state table.
package struct StoreHome: Sendable {
    private enum Kind: Sendable {
        case domain(OpenSearchStore.Home)
        case table(StateTable)
    }

    private let kind: Kind
    private let session: AWSSession
    private let stateTable: String?

    /// - Parameters:
    ///   - settings: What the environment says.
    ///   - session: Who calls.
    ///   - now: The time that counts are taken of where the domain is asked, seconds since 1970.
    /// - Throws: `SettingsFailure` where neither home is named.
    package init(
        _ settings: Settings,
        session: AWSSession,
        now: @escaping @Sendable () -> Int64
    ) throws(SettingsFailure) {
        self.session = session
        stateTable = settings.stateTable
        if let endpoint = settings.openSearchEndpoint {
            kind = .domain(
                OpenSearchStore.Home(
                    session: session,
                    endpoint: endpoint,
                    catalog: settings.catalog,
                    evaluationSeconds: settings.evaluationMinutes * 60,
                    now: now
                )
            )
        } else if let table = StateTable(settings, session: session) {
            kind = .table(table)
        } else {
            throw SettingsFailure(problems: ["OPENSEARCH_ENDPOINT, STATE_TABLE: neither is set; give one of them"])
        }
    }

    /// The store as an invocation sees it that must have ended at `deadline`.
    package func store(until deadline: ContinuousClock.Instant) -> any UsageStore {
        switch kind {
        case .domain(let home): home.store(until: deadline)
        case .table(let table): table.until(deadline)
        }
    }

    /// What the domain's own detectors have found; nil without a domain.
    func detectorResults(until deadline: ContinuousClock.Instant) -> DetectorResults? {
        guard case .domain(let home) = kind else { return nil }
        return DetectorResults(client: SearchClient(search: home.search, deadline: deadline))
    }

    /// Where checkpoints are: in the state table where there is one, else beside the incidents.
    package func checkpoints(until deadline: ContinuousClock.Instant) -> any CheckpointStore {
        if let stateTable { return TableCheckpoints(session: session, table: stateTable, deadline: deadline) }
        switch kind {
        case .domain(let home): return SearchCheckpoints(home.store(until: deadline))
        case .table(let table): return TableCheckpoints(session: session, table: table.name, deadline: deadline)
        }
    }
}
