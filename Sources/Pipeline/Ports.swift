import AWSAccess

/// The world as a function sees it: AWS, the log, the metrics.
///
/// Passed in, so that a test can put something else in the place of each.
package struct Ports: Sendable {
    /// Whose calls these are and how they go out; its clock is the time that the function goes by.
    package let session: AWSSession
    package let log: Log
    /// Where metric lines go.
    package let metrics: LineWriter

    /// Takes the parts as they are.
    package init(session: AWSSession, log: Log, metrics: LineWriter = .standardOutput) {
        self.session = session
        self.log = log
        self.metrics = metrics
    }

    /// What the environment of a Lambda function leads to.
    ///
    /// - Throws: `AccessFailure` where Region, endpoints or credentials cannot be used.
    package init(environment: [String: String], log: Log) throws(AccessFailure) {
        let transport = CurlTransport(certificateFile: CurlTransport.certificateFile(environment: environment))
        let source = try CredentialsSource(environment: environment)
        self.init(
            session: try AWSSession(
                environment: environment,
                credentials: CredentialsCache(source: source, transport: transport),
                transport: transport
            ),
            log: log
        )
    }
}
