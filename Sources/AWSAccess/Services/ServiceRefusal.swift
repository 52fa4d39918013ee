/// A service's answer that says no, read from any of the protocols that AWS speaks.
package struct ServiceRefusal: Equatable, Sendable {
    /// What the refusal means for the caller, whichever service it comes from.
    package enum Kind: Equatable, Sendable {
        /// Too much at once; it was not acted on.
        case throttled
        case accessDenied
        /// The credentials' token has ended.
        case credentialsExpired
        case notFound
        /// It collides with something that is there or under way.
        case conflict
        /// The condition of a write did not hold.
        case conditionFailed
        /// One entry for each action of a DynamoDB transaction, in order.
        case transactionCancelled([CancellationReason])
        /// A limit that waiting does not lift.
        case quotaExceeded
        case tooLarge
        /// The request is not what the service accepts.
        case invalid
        /// The service failed; it may have been acted on.
        case unavailable
        case other
    }

    /// Why one action of a transaction stood in its way.
    package struct CancellationReason: Equatable, Sendable {
        /// `None` where it did not; `ConditionalCheckFailed`, `TransactionConflict`, `ThrottlingError`, ...
        package let code: String
        package let message: String?
    }

    /// HTTP status.
    package let status: Int
    /// As the service's model names it; empty if none was given.
    package let code: String
    /// The first line of the explanation: later ones may repeat the signed request and its token.
    package let message: String
    /// What AWS support asks for.
    package let requestId: String?
    package let kind: Kind

    /// HTTP status, code and message as evidence for a message of ours.
    var evidence: String {
        let words = [code, message].filter { !$0.isEmpty }.joined(separator: ": ")
        return "HTTP \(status)" + (words.isEmpty ? "" : " (\(words.asEvidence))")
    }

    /// The code by which `RetryPolicy` shall judge: nothing was done where a transaction only met another one.
    var codeForRetry: String? {
        switch kind {
        case .throttled: "ThrottlingException"
        case .transactionCancelled(let reasons) where reasons.allSatisfy(\.mayPass): "TransactionInProgressException"
        default: code.isEmpty ? nil : code
        }
    }
}

extension ServiceRefusal.CancellationReason {
    /// Whether the same action may succeed a moment later, or was no obstacle at all.
    var mayPass: Bool {
        ["None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"].contains(code)
    }
}

extension ServiceRefusal.Kind {
    /// What the reader of a message can do.
    var advice: String {
        switch self {
        case .throttled: "send less, or ask for a higher limit"
        case .accessDenied: "check the role's policy and the resource's"
        case .credentialsExpired: "renew the credentials"
        case .notFound: "check name, account and Region"
        case .conflict: "try again once the other change is done"
        case .conditionFailed: "the item has changed or exists already"
        case .transactionCancelled: "nothing was written"
        case .quotaExceeded: "ask for a higher quota"
        case .tooLarge: "send less in one request"
        case .invalid: "the request is at fault"
        case .unavailable: "the service failed and may recover"
        case .other: "see the service's documentation for the code"
        }
    }

    /// By code first, as statuses are coarse: DynamoDB says 400 to nearly everything.
    init(code: String, status: Int) {
        self = Self.byCode(code) ?? Self.byStatus(status)
    }

    private static func byCode(_ code: String) -> Self? {
        if RetryPolicy.throttles.contains(code) { return .throttled }
        return switch code {
        case "AccessDenied", "AccessDeniedException", "AuthorizationError", "AuthorizationErrorException",
            "InvalidAccessKeyId", "InvalidClientTokenId", "InvalidSignatureException", "SignatureDoesNotMatch",
            "UnrecognizedClientException":
            .accessDenied
        case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired": .credentialsExpired
        case "AWS.SimpleQueueService.NonExistentQueue", "AccountNotFoundException", "ChildNotFoundException",
            "NoSuchBucket", "NoSuchKey", "NotFound", "NotFoundException", "OrganizationalUnitNotFoundException",
            "QueueDoesNotExist", "ResourceNotFoundException", "TargetNotFoundException", "TrailNotFoundException":
            .notFound
        case "ConditionalCheckFailedException", "PreconditionFailed": .conditionFailed
        case "ConflictException", "ResourceInUseException", "TransactionConflictException": .conflict
        case "ItemCollectionSizeLimitExceededException", "QuotaExceededException", "ServiceQuotaExceededException":
            .quotaExceeded
        case "AWS.SimpleQueueService.BatchRequestTooLong", "BatchRequestTooLong", "EntityTooLarge",
            "RequestEntityTooLargeException", "RequestTooLargeException":
            .tooLarge
        default: nil
        }
    }

    private static func byStatus(_ status: Int) -> Self {
        switch status {
        case 400, 405, 411, 415, 416, 422: .invalid
        case 401, 403: .accessDenied
        case 402: .quotaExceeded
        case 404, 410: .notFound
        case 409: .conflict
        case 412: .conditionFailed
        case 413: .tooLarge
        case 429: .throttled
        case 408, 424, 500...: .unavailable
        default: .other
        }
    }
}
