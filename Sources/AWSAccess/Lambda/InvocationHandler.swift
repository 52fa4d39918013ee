/// What a function does with one event.
package protocol InvocationHandler {
    /// Takes the event's bytes as they came and gives the bytes of the answer, which Lambda expects to be JSON.
    ///
    /// An error thrown here is reported as the invocation's: its type's name and its description become visible to the caller.
    func handle(_ event: [UInt8], _ context: InvocationContext) async throws -> [UInt8]
}

/// What Lambda says about one invocation.
package struct InvocationContext: Sendable {
    package let requestId: String
    /// When Lambda ends the invocation.
    package let deadline: ContinuousClock.Instant
    /// With the version or alias that was called; empty if Lambda did not say.
    package let invokedFunctionArn: String
    /// The X-Ray header (`Root=...;Parent=...;Sampled=...`), if the invocation is traced or passes one through.
    package let traceId: String?
    /// JSON from a mobile SDK's caller.
    package let clientContext: String?
    /// JSON about the caller's Cognito identity.
    package let cognitoIdentity: String?
    /// The tenant, where the function isolates tenants.
    package let tenantId: String?

    /// Takes the parts as they are.
    package init(
        requestId: String,
        deadline: ContinuousClock.Instant,
        invokedFunctionArn: String = "",
        traceId: String? = nil,
        clientContext: String? = nil,
        cognitoIdentity: String? = nil,
        tenantId: String? = nil
    ) {
        self.requestId = requestId
        self.deadline = deadline
        self.invokedFunctionArn = invokedFunctionArn
        self.traceId = traceId
        self.clientContext = clientContext
        self.cognitoIdentity = cognitoIdentity
        self.tenantId = tenantId
    }
}

extension InvocationContext {
    /// Reads the headers of an answer of `/runtime/invocation/next`; nil without a request id, as nothing could be answered then.
    ///
    /// A deadline that is missing or unreadable becomes the longest that Lambda allows, 15 minutes from now.
    init?(_ headers: HTTPHeaders, now: WallTime, instant: ContinuousClock.Instant) {
        guard let requestId = headers["Lambda-Runtime-Aws-Request-Id"], !requestId.isEmpty else { return nil }
        let longest: Int64 = 900_000
        let end = headers["Lambda-Runtime-Deadline-Ms"].flatMap { Int64($0) }.map { WallTime(milliseconds: $0) }
        let left = end.map { min($0.milliseconds - now.milliseconds, longest) } ?? longest
        self.init(
            requestId: requestId,
            deadline: instant + .milliseconds(left),
            invokedFunctionArn: headers["Lambda-Runtime-Invoked-Function-Arn"] ?? "",
            traceId: headers["Lambda-Runtime-Trace-Id"],
            clientContext: headers["Lambda-Runtime-Client-Context"],
            cognitoIdentity: headers["Lambda-Runtime-Cognito-Identity"],
            tenantId: headers["Lambda-Runtime-Aws-Tenant-Id"]
        )
    }
}
