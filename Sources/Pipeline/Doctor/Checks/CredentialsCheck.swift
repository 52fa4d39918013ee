import AWSAccess

/// Whose credentials these are.
struct CredentialsCheck: DeploymentCheck {
    let name = "credentials"

    func finding(_ deployment: Deployment, deadline: ContinuousClock.Instant) async throws -> Finding {
        do throws(ServiceFailure) {
            return Self.judge(.success(try await STS(session: deployment.session).callerIdentity(deadline: deadline)))
        } catch {
            return Self.judge(.failure(error))
        }
    }

    static func judge(_ answer: Result<STS.CallerIdentity, ServiceFailure>) -> Finding {
        switch answer {
        case .success(let caller): return Finding("\(caller.arn) in account \(caller.account)")
        case .failure(let failure):
            let fix =
                "give credentials that are valid: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or a role"
            return Finding("no identity", problems: [.init(.broken, "\(failure)", fix: fix)])
        }
    }
}
