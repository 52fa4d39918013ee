/// Reads one S3 object in pieces, so that memory does not grow with it.
///
/// Each piece is a GET of its own with `Range`: what is lost on the way is asked for again by itself, and whoever consumes slowly
/// holds no connection. All pieces are of one version: the object's tag of the first is demanded of the others.
package struct ObjectReader: Sendable {
    private let place: S3.Place
    private let pieceSize: Int
    private var offset = 0
    private var tag: String?
    /// Bytes in all; nil before the first piece.
    package private(set) var size: Int?

    init(_ place: S3.Place, pieceSize: Int) {
        self.place = place
        self.pieceSize = min(max(1, pieceSize), Self.largestPiece)
    }

    private static let largestPiece = 1 << 30  // bytes

    private static let operation = "GetObject"

    /// The next piece, or nil after the last.
    ///
    /// After a failure the same piece may be asked for again.
    ///
    /// - Parameter deadline: When the last try for this piece must have ended.
    /// - Returns: At least one byte.
    /// - Throws: `ServiceFailure`, of the kind `notFound` where there is no such object, `conditionFailed` where it was replaced
    ///   meanwhile.
    package mutating func next(deadline: ContinuousClock.Instant) async throws(ServiceFailure) -> [UInt8]? {
        if let size, offset >= size { return nil }
        var headers: HTTPHeaders = ["Range": "bytes=\(offset)-\(offset + pieceSize - 1)"]
        if let tag { headers.set("If-Match", to: tag) }
        let request = HTTPRequest(
            .get,
            place.service.endpoint,
            path: place.path,
            headers: headers,
            largestResponse: max(pieceSize, 1 << 16)
        )
        let answer = try await place.service.answer(Self.operation, request, deadline: deadline)
        let response = answer.response
        if let refusal = answer.refusal {
            // No range of an empty object can be given.
            if response.status == 416, offset == 0, Self.total(response) == 0 {
                size = 0
                return nil
            }
            throw place.service.failure(Self.operation, .refused(refusal), tries: answer.tries)
        }
        // Whoever does not know Range gives all with 200.
        let total = response.status == 206 ? Self.total(response) : response.body.count + offset
        guard let total, offset == 0 || response.status == 206, total == size ?? total,
            response.body.count == min(pieceSize, total - offset) || response.status == 200
        else {
            let detail =
                "\(response.body.count) bytes from \(offset), \(response.headers["content-range"] ?? "no range")"
            throw place.service.failure(Self.operation, .unreadable(detail), tries: answer.tries)
        }
        tag = response.headers["etag"]
        size = total
        offset += response.body.count
        return response.body.isEmpty ? nil : response.body
    }

    /// The number behind the slash of `Content-Range: bytes 0-9/100` or `bytes */100`.
    private static func total(_ response: HTTPResponse) -> Int? {
        response.headers["content-range"]?.split(separator: "/").last.flatMap { Int($0) }
    }
}
