import AWSAccess

/// One thing of a deployment that is looked at, alone: what goes wrong in it keeps no other from being looked at.
protocol DeploymentCheck: Sendable {
    /// As it is asked for and reported.
    var name: String { get }

    /// Looks, and judges what is there.
    ///
    /// - Parameters:
    ///   - deployment: What is known of it before.
    ///   - deadline: When the last call must have ended.
    /// - Returns: The finding.
    /// - Throws: What kept it from looking; `Doctor` says so in the report.
    func finding(_ deployment: Deployment, deadline: ContinuousClock.Instant) async throws -> Finding
}

extension Finding {
    /// For a call that did not give what was asked for: whoever looks may lack a right that the functions have.
    static func unseen(_ failure: any Error) -> Finding {
        guard let failure = failure as? ServiceFailure else {
            return unknown("\(failure)", fix: "see the message; the functions may be well all the same")
        }
        return unknown("\(failure)", fix: failure.fix)
    }
}

extension ServiceFailure {
    /// What whoever runs the doctor can do.
    var fix: String {
        switch kind {
        case .accessDenied: "allow the caller \(action), or run this with credentials that may read the deployment"
        case .credentialsExpired: "renew the credentials and run this again"
        default: "run this again; if it stays, look at the service's status and at the way there"
        }
    }

    /// The right that the operation needs, as IAM names it.
    private var action: String {
        let prefixes = [
            "CloudTrail": "cloudtrail", "CloudWatch Logs": "logs", "CloudWatch": "cloudwatch", "Lambda": "lambda",
            "SNS": "sns", "SQS": "sqs", "Cost Explorer": "ce", "DynamoDB": "dynamodb",
            "Organizations": "organizations", "STS": "sts",
        ]
        return prefixes[service].map { "\($0):\(operation)" } ?? "\(service) \(operation)"
    }
}
