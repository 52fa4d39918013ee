import AWSAccess
import UsageCore

/// Where early signals go: an event bus, or a function that is invoked without waiting for it.
enum SignalTarget: Sendable, Equatable {
    case bus(String)
    case function(String)

    /// By the service in the ARN.
    init(arn: String) {
        let parts = arn.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
        self = parts.count > 2 && parts[2] == "lambda" ? .function(arn) : .bus(arn)
    }

    /// Sends signals, as many in an event as it takes.
    ///
    /// - Throws: `EntryFailure` for what a bus refused, `ServiceFailure` otherwise; events before it have gone out.
    func send(
        _ signals: [EarlySignal],
        session: AWSSession,
        deadline: ContinuousClock.Instant
    ) async throws {
        for start in stride(from: 0, to: signals.count, by: EarlySignal.mostInEvent) {
            let part = Array(signals[start..<min(signals.count, start + EarlySignal.mostInEvent)])
            switch self {
            case .bus(let bus):
                let event = EventBridge.Event(
                    source: EarlySignal.source,
                    detailType: EarlySignal.detailType,
                    detail: EarlySignal.detail(part),
                    bus: bus
                )
                let failures = await EventBridge(session: session).putEvents([event], deadline: deadline)
                if let failure = failures.first { throw failure }
            case .function(let arn):
                _ = try await Lambda(session: session).invoke(
                    arn,
                    payload: EarlySignal.event(part),
                    mode: .event,
                    deadline: deadline
                )
            }
        }
    }
}
