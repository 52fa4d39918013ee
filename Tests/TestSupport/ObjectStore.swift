import AWSAccess

/// A bucket of moto's S3, as a child process that ends with this one.
///
/// Beside the strict stand-in, which takes the writing and deleting of an object for something else.
package final class ObjectStore: Sendable {
    package let endpoint: Endpoint
    package let bucket = "failed"
    private let transport = CurlTransport()

    /// Starts a process of its own and makes the bucket in it.
    package init() async throws {
        endpoint = try ChildServer.start("-m moto.server -p")
        let deadline = ContinuousClock.now + .seconds(240)
        while true {
            do {
                _ = try await transport.send(HTTPRequest(.put, endpoint, path: "/\(bucket)"), deadline: deadline)
                return
            } catch AccessFailure.unreachable where ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    /// S3 as the product sees it, with this bucket in it.
    package func s3() throws -> S3 {
        S3(
            session: try AWSSession(
                environment: ["AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL_S3": "\(endpoint)"],
                credentials: CredentialsCache { _ in Credentials(accessKeyId: "testing", secretAccessKey: "testing") },
                transport: transport,
                clock: CallClock(random: { 0 })
            )
        )
    }
}
