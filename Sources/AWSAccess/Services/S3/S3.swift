/// Amazon S3: reading large objects in pieces, writing small ones, listing and deleting (S3 API Reference, version 2006-03-01).
package struct S3: Sendable {
    private let session: AWSSession

    /// The service as the session sees it.
    package init(session: AWSSession) { self.session = session }

    /// Bytes of one piece: large enough that the way there and back does not count, small enough for the smallest function.
    package static let usualPiece = 8 << 20

    private static let identity = ServiceIdentity(
        name: "S3",
        endpointKey: "S3",
        hostPrefix: "s3",
        longestTry: .seconds(30)
    )

    /// An object to be read from its beginning; nothing is sent before the first piece is asked for.
    ///
    /// - Parameters:
    ///   - key: As S3 knows it, not encoded.
    ///   - bucket: Its name.
    ///   - region: Where the bucket is; the session's Region if nil.
    ///   - pieceSize: Bytes to ask for at a time, clamped to 1 byte ... 1 GiB.
    /// - Returns: What reads it.
    package func reader(
        _ key: String,
        bucket: String,
        region: String? = nil,
        pieceSize: Int = usualPiece
    ) -> ObjectReader {
        ObjectReader(place(key, bucket: bucket, region: region), pieceSize: pieceSize)
    }

    /// Writes an object in one request, in place of what was under its key.
    ///
    /// - Parameters:
    ///   - body: All of it.
    ///   - key: 1 to 1,024 bytes, not encoded.
    ///   - bucket: Its name.
    ///   - region: Where the bucket is; the session's Region if nil.
    ///   - contentType: A media type.
    ///   - deadline: When the last try must have ended.
    /// - Throws: `ServiceFailure`.
    package func putObject(
        _ body: [UInt8],
        key: String,
        bucket: String,
        region: String? = nil,
        contentType: String = "application/json",
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) {
        let place = place(key, bucket: bucket, region: region)
        guard (1...1024).contains(key.utf8.count) else {
            throw place.service.invalid("PutObject", "key of \(key.utf8.count) bytes, 1 to 1024")
        }
        let request = HTTPRequest(
            .put,
            place.service.endpoint,
            path: place.path,
            headers: ["Content-Type": contentType],
            body: body
        )
        _ = try await place.service.send("PutObject", request, deadline: deadline)
    }

    /// Some of the keys in a bucket, in the order of their bytes.
    package struct KeyPage: Sendable, Equatable {
        /// Not encoded.
        package let keys: [String]
        /// What leads to the next page; nil behind the last.
        package let next: String?
    }

    /// Lists keys, at most 1,000 of them.
    ///
    /// - Parameters:
    ///   - prefix: What they begin with.
    ///   - bucket: Its name.
    ///   - token: What the page before said; nil for the first page.
    ///   - deadline: When the last try must have ended.
    /// - Returns: The page.
    /// - Throws: `ServiceFailure`, of the kind `notFound` where there is no such bucket.
    package func keys(
        prefix: String,
        bucket: String,
        after token: String? = nil,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> KeyPage {
        let place = place("", bucket: bucket, region: nil)
        var query = [("list-type", "2"), ("prefix", prefix)]
        if let token { query.append(("continuation-token", token)) }
        let request = HTTPRequest(.get, place.service.endpoint, path: place.path, query: PercentEncoding.query(query))
        let answer = try await place.service.send("ListObjectsV2", request, deadline: deadline)
        let text = XMLText(answer.response.body)
        return KeyPage(
            keys: text.all("Contents").compactMap { $0["Key"] },
            next: text["IsTruncated"] == "true" ? text["NextContinuationToken"] : nil
        )
    }

    /// Deletes an object; one that is not there is no failure.
    ///
    /// - Parameters:
    ///   - key: As S3 knows it, not encoded.
    ///   - bucket: Its name.
    ///   - deadline: When the last try must have ended.
    /// - Throws: `ServiceFailure`.
    package func deleteObject(
        _ key: String,
        bucket: String,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) {
        let place = place(key, bucket: bucket, region: nil)
        let request = HTTPRequest(.delete, place.service.endpoint, path: place.path)
        _ = try await place.service.send("DeleteObject", request, deadline: deadline)
    }

    /// A service to ask and the path to ask for.
    struct Place: Sendable {
        let service: AWSService
        let path: String
    }

    /// Buckets have hosts of their own; in the path stand those whose name is no label of a host that a certificate covers, and
    /// all where the environment names the endpoint.
    private func place(_ key: String, bucket: String, region: String?) -> Place {
        // The Region may come from a message, and becomes part of a host name.
        let region = region.flatMap { AWSSession.isRegion($0) ? $0 : nil } ?? session.region
        let path = "/" + PercentEncoding.encode(key, keepingSlash: true)
        if session.named(Self.identity) == nil, Self.isLabel(bucket) {
            let host = Endpoint(host: "\(bucket).\(Self.identity.host(in: region))")
            return Place(
                service: AWSService(Self.identity, session: session, region: region, endpoint: host),
                path: path
            )
        }
        return Place(
            service: AWSService(Self.identity, session: session, region: region),
            path: "/" + PercentEncoding.encode(bucket) + path
        )
    }

    private static func isLabel(_ bucket: String) -> Bool {
        let bytes = bucket.utf8
        let isInner = { (byte: UInt8) in (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D }
        return (3...63).contains(bytes.count) && bytes.allSatisfy(isInner) && bytes.first != 0x2D && bytes.last != 0x2D
    }
}
