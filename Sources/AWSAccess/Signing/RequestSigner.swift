/// Signature Version 4 in its header form (AWS General Reference, "Create a signed AWS API request").
///
/// Signs exactly what will be sent: encode, compress and set every header before, change nothing after. Presigned URLs are not
/// made here.
package struct RequestSigner: Sendable, Equatable {
    /// How the path enters the canonical request.
    package enum PathRule: Sendable, Equatable {
        /// Every service but S3: dot segments and empty segments removed, then the path as sent is encoded once more.
        case normalisedAndEncodedAgain
        /// S3, where `a//b/../c` is a key like any other: the path is encoded exactly once, whatever form it was sent in.
        case encodedOnce
    }

    /// The signing name, which may differ from the host's first label (`bedrock`, `es`, `aoss`).
    package let service: String
    package let region: String
    package let pathRule: PathRule
    /// Whether `x-amz-content-sha256` is added and signed: S3 and OpenSearch Serverless demand it, OpenSearch domains take it.
    package let signsContentHash: Bool

    /// A signer for one service in one Region; the rules of S3 apply where `service` is `s3`.
    package init(service: String, region: String, signsContentHash: Bool = false) {
        self.service = service
        self.region = region
        self.pathRule = service == "s3" ? .encodedOnce : .normalisedAndEncodedAgain
        self.signsContentHash = signsContentHash || ["s3", "es", "aoss"].contains(service)
    }

    /// A signer whose rules are given one by one.
    package init(service: String, region: String, pathRule: PathRule, signsContentHash: Bool) {
        self.service = service
        self.region = region
        self.pathRule = pathRule
        self.signsContentHash = signsContentHash
    }

    /// The request with `x-amz-date`, `authorization` and, where they apply, `x-amz-security-token` and `x-amz-content-sha256`
    /// set; what it had of these is replaced, so a request can be signed again for another try.
    ///
    /// - Throws: `AccessFailure.localResource` if libcrypto fails.
    package func sign(
        _ request: HTTPRequest,
        with credentials: Credentials,
        at time: WallTime
    ) throws(AccessFailure) -> HTTPRequest {
        let bodyHash = Digest.hex(try Digest.sha256(request.body))
        var signed = request
        signed.headers.remove("authorization")
        signed.headers.set("x-amz-date", to: time.basic)
        signed.headers.remove("x-amz-security-token")
        if let token = credentials.sessionToken { signed.headers.set("x-amz-security-token", to: token) }
        if signsContentHash { signed.headers.set("x-amz-content-sha256", to: bodyHash) }

        let canonical = CanonicalRequest(signed, pathRule: pathRule, bodyHash: bodyHash)
        let text = try stringToSign(canonical, at: time)
        let key = try signingKey(secret: credentials.secretAccessKey, at: time)
        let signature = Digest.hex(try Digest.hmacSHA256(key: key, message: Array(text.utf8)))
        signed.headers.set(
            "authorization",
            to: "\(Self.algorithm) Credential=\(credentials.accessKeyId)/\(scope(at: time)), "
                + "SignedHeaders=\(canonical.signedHeaders), Signature=\(signature)"
        )
        return signed
    }

    /// The second of the three texts: algorithm, time, scope and the hash of the canonical request.
    func stringToSign(_ canonical: CanonicalRequest, at time: WallTime) throws(AccessFailure) -> String {
        let hash = Digest.hex(try Digest.sha256(Array(canonical.text.utf8)))
        return "\(Self.algorithm)\n\(time.basic)\n\(scope(at: time))\n\(hash)"
    }

    private static let algorithm = "AWS4-HMAC-SHA256"

    private func scope(at time: WallTime) -> String {
        "\(time.basic.prefix(8))/\(region)/\(service)/aws4_request"
    }

    private func signingKey(secret: String, at time: WallTime) throws(AccessFailure) -> [UInt8] {
        var key = Array("AWS4\(secret)".utf8)
        for part in [String(time.basic.prefix(8)), region, service, "aws4_request"] {
            key = try Digest.hmacSHA256(key: key, message: Array(part.utf8))
        }
        return key
    }
}
