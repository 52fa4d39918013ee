/// The first of the three texts of Signature Version 4: the request in the one form that both sides can rebuild.
struct CanonicalRequest: Equatable {
    /// Method, path, query, headers, names of the headers and body hash, a line each.
    let text: String
    /// The lower-case names of the headers that are signed, sorted, joined by `;`.
    let signedHeaders: String

    init(_ request: HTTPRequest, pathRule: RequestSigner.PathRule, bodyHash: String) {
        let headers = Self.headers(of: request)
        signedHeaders = headers.map(\.name).joined(separator: ";")
        text = [
            request.method.rawValue,
            Self.path(request.path, pathRule),
            Self.query(request.query),
            headers.map { "\($0.name):\($0.value)\n" }.joined(),
            signedHeaders,
            bodyHash,
        ].joined(separator: "\n")
    }

    // What proxies and libcurl add, change or drop on the way cannot be signed.
    private static let unsigned: Set<String> = [
        "authorization", "connection", "expect", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade",
        "user-agent", "x-amzn-trace-id",
    ]

    private static func headers(of request: HTTPRequest) -> [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for header in request.headers {
            let name = header.name.lowercased()
            if !unsigned.contains(name) { values[name, default: []].append(collapsed(header.value)) }
        }
        if values["host"] == nil { values["host"] = [request.endpoint.authority] }
        return values.map { (name: $0.key, value: $0.value.joined(separator: ",")) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Without white space at the ends, one space for each run of it inside, quoted or not.
    private static func collapsed(_ value: String) -> String {
        value.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }.map { String(Substring($0)) }.joined(
            separator: " "
        )
    }

    private static func path(_ path: String, _ rule: RequestSigner.PathRule) -> String {
        switch rule {
        case .encodedOnce:
            PercentEncoding.encode(PercentEncoding.decode(path.isEmpty ? "/" : path), keepingSlash: true)
        case .normalisedAndEncodedAgain:
            PercentEncoding.encode(normalised(path), keepingSlash: true)
        }
    }

    /// RFC 3986, 5.2.4, and empty segments dropped as well; a slash at the end stays.
    private static func normalised(_ path: String) -> String {
        var kept: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." { _ = kept.popLast() } else { kept.append(segment) }
        }
        return "/" + kept.joined(separator: "/") + (path.utf8.last == 0x2F && !kept.isEmpty ? "/" : "")
    }

    /// Pairs encoded once, whatever form they were sent in, sorted by name, then value; a bare name gets an empty value.
    private static func query(_ query: String) -> String {
        let pairs = query.split(separator: "&").map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = sides.count > 1 ? sides[1] : ""
            return (
                name: PercentEncoding.encode(PercentEncoding.decode(sides[0])),
                value: PercentEncoding.encode(PercentEncoding.decode(value))
            )
        }
        // The encoded forms are ASCII, so comparing strings compares bytes.
        return pairs.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
            .map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }
}
