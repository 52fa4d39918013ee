import AWSAccess
import UsageCore

/// CrossAccountAnomalyProcessor: whatever invokes it, it looks at the store, keeps incidents and tells of them.
package struct AnomalyHandler: InvocationHandler {
    let settings: Settings
    let ports: Ports
    private let now: @Sendable () -> Int64
    let home: StoreHome
    /// Where limits are left for early signals; nil where there is no table.
    private let limits: StateTable?
    /// nil where accounts are not to be looked up.
    private let directory: OrganizationDirectory?

    /// What posting the answer needs at the end.
    private static let margin = Duration.seconds(1)
    /// What an evaluation waits for accounts: a message without names is worth less than a few seconds.
    private static let longestLookup = Duration.seconds(5)

    /// - Throws: `SettingsFailure` where the settings name no store.
    package init(_ settings: Settings, _ ports: Ports) throws {
        let clock = ports.session.clock
        try self.init(settings, ports) { EventTime.floorDivide(clock.now().milliseconds, 1000) }
    }

    /// - Parameters:
    ///   - settings: What the environment says.
    ///   - ports: The world.
    ///   - now: Seconds since 1970: the time that is judged by, which is not that of signatures.
    /// - Throws: `SettingsFailure` where the settings name no store.
    package init(_ settings: Settings, _ ports: Ports, now: @escaping @Sendable () -> Int64) throws {
        self.settings = settings
        self.ports = ports
        self.now = now
        home = try StoreHome(settings, session: ports.session, now: now)
        limits = StateTable(settings, session: ports.session)
        directory = OrganizationDirectory(settings, session: ports.session)
    }

    package func handle(_ event: [UInt8], _ context: InvocationContext) async throws -> [UInt8] {
        let log = ports.log.with(requestId: context.requestId)
        let deadline = context.deadline - Self.margin
        switch AnomalyEvent(event) {
        case .customResource(let request): return try await answer(request, deadline, log)
        case .records: throw AnomalyEventFailure()
        case .signal(let signals):
            for signal in signals.prefix(10) {
                log.info(
                    "early signal: \(Hostile.shown(signal.usage, limit: 80)); counting again",
                    [
                        "account": .string(Hostile.shown(signal.accountId, limit: 40)),
                        "region": .string(Hostile.shown(signal.region, limit: 40)),
                        "start": .string(EventTime.text(signal.start)), "count": .double(signal.count),
                        "limit": .double(signal.limit), "step": .int(signal.step),
                    ]
                )
            }
            return try await evaluate("signal", context, deadline, log)
        case .evaluation(let trigger): return try await evaluate(trigger, context, deadline, log)
        }
    }

    private func evaluate(
        _ trigger: String,
        _ context: InvocationContext,
        _ deadline: ContinuousClock.Instant,
        _ log: Log
    ) async throws -> [UInt8] {
        await resumeSetUp(deadline, log)
        let report: EvaluationReport
        do {
            report = try await evaluation(context.requestId, deadline, log).run()
        } catch {
            await directory?.refresh(deadline: deadline)
            throw error
        }
        await directory?.refresh(deadline: deadline)
        log.info(
            "evaluated",
            [
                "trigger": .string(trigger), "records": .int(report.records), "series": .int(report.series),
                "anomalies": .int(report.anomalies), "incidents": .int(report.incidents),
                "opened": .int(report.opened), "escalated": .int(report.escalated),
                "resolved": .int(report.resolved), "updated": .int(report.updated),
                "noticesSent": .int(report.noticesSent), "limitsLeft": .int(report.limitsLeft),
            ]
        )
        let metrics = report.metrics(function: "CrossAccountAnomalyProcessor")
        for line in metrics.lines(at: ports.session.clock.now(), requestId: context.requestId) {
            ports.metrics.write(line: line)
        }
        return Array(report.json.utf8)
    }

    private func evaluation(_ requestId: String, _ deadline: ContinuousClock.Instant, _ log: Log) -> Evaluation {
        var channels: [any NoticeChannel] = []
        if let topic = settings.notificationTopicArn {
            channels.append(TopicChannel(session: ports.session, topicArn: topic))
        }
        if let bus = settings.eventBusName { channels.append(BusChannel(session: ports.session, bus: bus)) }
        if channels.isEmpty {
            log.warn("NOTIFICATION_TOPIC_ARN, EVENT_BUS_NAME: neither is set; incidents are kept and nobody is told")
        }
        var analysis: Analysis = []
        if settings.pricesIncidents { analysis.insert(.cost) }
        if settings.findsCauses { analysis.insert(.causes) }
        let table = limits
        var parts = Evaluation.Parts(
            store: home.store(until: deadline),
            checkpoints: home.checkpoints(until: deadline),
            catalog: settings.catalog,
            accounts: { [self] ids in await accounts(ids, deadline) },
            analysis: analysis,
            channels: channels,
            evaluationSeconds: Int64(settings.evaluationMinutes) * 60,
            now: now,
            clock: ports.session.clock,
            log: log
        )
        if let results = home.detectorResults(until: deadline) { parts.detectorResults = results.since }
        if let table {
            parts.leaveLimits = { limits, now in try await table.leave(limits, now: now, deadline: deadline) }
        }
        // Lambda may deliver one request twice, at the same time and under one id.
        let clock = ports.session.clock
        let me = "\(requestId) \(clock.now().milliseconds) \(clock.random())"
        return Evaluation(parts, me: me, deadline: deadline)
    }

    /// What is known of accounts; those that were asked for in vain are missing.
    private func accounts(_ ids: [String], _ deadline: ContinuousClock.Instant) async -> AccountDirectory {
        guard let directory else { return AccountDirectory() }
        var known = await directory.contexts(of: ids, deadline: deadline)
        if known.values.contains(where: \.contextMissing) {
            await directory.refresh(deadline: min(deadline, ports.session.clock.instant() + Self.longestLookup))
            known = await directory.contexts(of: ids, deadline: deadline)
        }
        return AccountDirectory(known, organizationId: settings.organizationId)
    }
}
