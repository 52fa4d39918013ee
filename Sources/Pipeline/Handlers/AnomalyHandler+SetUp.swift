import AWSAccess
import UsageCore

/// The domain's set-up: what a stack asks for, and what had to wait.
extension AnomalyHandler {
    /// What an answer to CloudFormation needs at the end.
    private static let forAnswer = Duration.seconds(5)

    /// Answers CloudFormation, which waits for an hour where nobody does.
    func answer(
        _ request: CustomResourceRequest,
        _ deadline: ContinuousClock.Instant,
        _ log: Log
    ) async throws -> [UInt8] {
        var isSuccess = false
        var reason: String
        // Left for the answer itself, also where the domain keeps silent.
        let working = deadline - min(Self.forAnswer, (deadline - ports.session.clock.instant()) / 4)
        do {
            switch (request.type, resource(until: working)) {
            case ("Create", let resource?), ("Update", let resource?), ("Delete", let resource?):
                reason = try await resource.apply(request.type, request.properties, deadline: working)
                isSuccess = true
            case ("Delete", nil):
                // What was never set up is gone already: a stack must be able to go back.
                reason = "nothing was set up, so nothing is removed"
                isSuccess = true
            case (_, nil): reason = "OPENSEARCH_ENDPOINT: not set; there is no domain to set up"
            default: reason = "custom resource: RequestType \(Hostile.shown(request.type, limit: 40)) is not known"
            }
        } catch {
            reason = Hostile.shown("\(error)", limit: 3000)
        }
        let answer = CustomResourceAnswer(
            transport: ports.session.transport,
            policy: ports.session.policy,
            clock: ports.session.clock
        )
        try await answer.put(request.answer(isSuccess: isSuccess, reason: reason), for: request, deadline: deadline)
        let fields: KeyValuePairs<String, Log.Value> = [
            "requestType": .string(request.type), "success": .bool(isSuccess), "reason": .string(reason),
        ]
        if isSuccess {
            log.info("custom resource answered", fields)
        } else {
            log.error("custom resource answered", fields)
        }
        return Array("{\"customResource\":\"\(isSuccess ? "SUCCESS" : "FAILED")\"}".utf8)
    }

    /// nil where there is no domain.
    private func resource(until deadline: ContinuousClock.Instant) -> DomainResource? {
        settings.openSearchEndpoint.map {
            DomainResource(
                session: ports.session,
                endpoint: $0,
                catalog: settings.catalog,
                checkpoints: home.checkpoints(until: deadline)
            )
        }
    }

    /// Sets up what had to wait for the first records; what fails is logged and tried again with the next evaluation.
    func resumeSetUp(_ deadline: ContinuousClock.Instant, _ log: Log) async {
        guard let resource = resource(until: deadline) else { return }
        do {
            if let done = try await resource.resume(deadline: deadline) { log.info("set-up resumed: \(done)") }
        } catch {
            log.warn("set-up could not be resumed: \(error)")
        }
    }
}
