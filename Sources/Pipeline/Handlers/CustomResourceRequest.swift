import AWSAccess

/// A request of a CloudFormation custom resource, which is answered to an address of its own (AWS CloudFormation User Guide, "Custom
/// resource request objects").
struct CustomResourceRequest: Equatable, Sendable {
    let type: String
    let responseURL: String
    let stackId: String
    let requestId: String
    let logicalResourceId: String
    /// Absent where the resource does not exist yet.
    let physicalResourceId: String?

    /// Reads a request; nil where the event is none.
    init?(_ json: AWSAccess.JSONValue) {
        guard let type = json["RequestType"]?.string, let url = json["ResponseURL"]?.string else { return nil }
        self.type = type
        responseURL = url
        stackId = json["StackId"]?.string ?? ""
        requestId = json["RequestId"]?.string ?? ""
        logicalResourceId = json["LogicalResourceId"]?.string ?? ""
        physicalResourceId = json["PhysicalResourceId"]?.string
    }

    /// Bytes of an answer.
    private static let largestAnswer = 4096

    /// The answer's body; the reason is cut so that it fits.
    func answer(isSuccess: Bool, reason: String) -> [UInt8] {
        func body(_ reason: String) -> [UInt8] {
            let answer: AWSAccess.JSONValue = [
                "Status": isSuccess ? "SUCCESS" : "FAILED", "Reason": .string(reason),
                "PhysicalResourceId": .string(physicalResourceId ?? "usage-anomalies-\(logicalResourceId)"),
                "StackId": .string(stackId), "RequestId": .string(requestId),
                "LogicalResourceId": .string(logicalResourceId),
            ]
            return answer.bytes
        }
        let whole = body(reason)
        let excess = whole.count - Self.largestAnswer
        return excess <= 0 ? whole : body(String(reason.prefix(max(1, reason.count - excess))))
    }
}

/// Answers to custom resources, put where CloudFormation waits for them.
struct CustomResourceAnswer: Sendable {
    let transport: any HTTPTransport
    let policy: RetryPolicy
    let clock: CallClock

    /// Puts `body` to the request's address.
    ///
    /// The address is signed beforehand for a request without `Content-Type`, and is sent as it stands.
    func put(_ body: [UInt8], for request: CustomResourceRequest, deadline: ContinuousClock.Instant) async throws {
        guard let http = Self.request(request.responseURL, body) else {
            throw CustomResourceFailure(evidence: "ResponseURL is not an https address")
        }
        var tries = 0
        while true {
            tries += 1
            let outcome: RetryPolicy.Outcome
            do {
                let response = try await transport.send(http, deadline: deadline)
                if (200..<300).contains(response.status) { return }
                outcome = .answered(status: response.status)
            } catch let failure as AccessFailure {
                outcome = .failed(failure)
            }
            let decision = policy.next(
                after: outcome,
                tries: tries,
                isSafeToRepeat: true,
                timeLeft: deadline - clock.instant(),
                random: clock.random()
            )
            guard case .wait(let time) = decision else {
                throw CustomResourceFailure(evidence: "\(outcome) after \(tries) tries")
            }
            try await clock.sleep(time)
        }
    }

    private static func request(_ url: String, _ body: [UInt8]) -> HTTPRequest? {
        let mark = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        let slash = url[mark...].firstIndex(of: "/") ?? url.endIndex
        guard let endpoint = Endpoint(String(url[..<slash])), endpoint.scheme == .https || endpoint.isLoopback else {
            return nil
        }
        let rest = url[slash...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return HTTPRequest(
            .put,
            endpoint,
            path: rest.first.map(String.init).flatMap { $0.isEmpty ? nil : $0 } ?? "/",
            query: rest.count > 1 ? String(rest[1]) : "",
            body: body
        )
    }
}

/// CloudFormation could not be answered: its stack waits until it gives up.
struct CustomResourceFailure: Error, Equatable, CustomStringConvertible {
    let evidence: String

    var description: String {
        "custom resource: answer not delivered (\(evidence)); the invocation fails so that it is tried again"
    }
}
