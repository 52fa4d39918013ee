import AWSAccess
import UsageCore

/// Brings incidents into the Amazon Q Business index, on a schedule.
package struct ConnectorHandler: InvocationHandler {
    /// The keys without which there is no index to bring them to.
    package static let required: [SettingsKey] = [.qApplicationId, .qIndexId]

    /// What an invocation reads and writes that must have ended at an instant.
    struct Homes {
        let incidents: @Sendable (ContinuousClock.Instant) -> any IncidentStore
        let checkpoints: @Sendable (ContinuousClock.Instant) -> any CheckpointStore
    }

    private let settings: Settings
    private let ports: Ports
    private let documents: DocumentPut
    private let homes: Homes

    /// Left of an invocation's time for the checkpoint and the answer, where there is so much.
    private static let margin = Duration.seconds(3)

    /// - Throws: `SettingsFailure` where the settings name no index or no store.
    package init(_ settings: Settings, _ ports: Ports) throws {
        let clock = ports.session.clock
        let home = try StoreHome(settings, session: ports.session) {
            EventTime.floorDivide(clock.now().milliseconds, 1000)
        }
        try self.init(
            settings,
            ports,
            Homes(incidents: { home.store(until: $0) }, checkpoints: { home.checkpoints(until: $0) })
        )
    }

    init(_ settings: Settings, _ ports: Ports, _ homes: Homes) throws(SettingsFailure) {
        guard let application = settings.qApplicationId, let index = settings.qIndexId else {
            throw SettingsFailure(problems: Self.required.map { "\($0.rawValue): not set; this function needs it" })
        }
        self.settings = settings
        self.ports = ports
        self.homes = homes
        documents = DocumentPut(
            service: QBusiness(session: ports.session, application: application),
            index: index,
            clock: ports.session.clock
        )
        if settings.insightProvider != .template {
            ports.log.info("INSIGHT_PROVIDER: documents are written by the template in this version")
        }
    }

    package func handle(_ event: [UInt8], _ context: InvocationContext) async throws -> [UInt8] {
        guard try ConnectorEvent(event) == .synchronize else { throw ConnectorFailure.questionsUnavailable }
        let log = ports.log.with(requestId: context.requestId)
        let clock = ports.session.clock
        let left = context.deadline - clock.instant()
        let deadline = context.deadline - min(Self.margin, left / 4)
        let sync = IncidentSync(
            store: homes.incidents(deadline),
            checkpoints: homes.checkpoints(deadline),
            documents: documents,
            catalog: settings.catalog,
            retentionDays: settings.retentionDays,
            clock: clock,
            log: log
        )
        let outcome = try await sync.run(deadline: deadline)
        outcome.report.write(to: log)
        let metrics = outcome.report.metrics(function: "QBusinessConnector")
        for line in metrics.lines(at: clock.now(), requestId: context.requestId) { ports.metrics.write(line: line) }
        if let failure = outcome.failure { throw failure }
        return outcome.report.json
    }
}
