import Glibc

/// The credentials endpoint of ECS tasks, EKS pods and others (AWS SDKs and Tools Reference, "Container credential provider").
package struct ContainerCredentials: Sendable, Equatable {
    /// What is sent in the `Authorization` header.
    private enum Token: Sendable, Equatable {
        case none
        case text(String)
        /// Read anew for each request: EKS rotates it.
        case file(String)
    }

    private let endpoint: Endpoint
    private let path: String
    private let query: String
    private let token: Token

    /// nil if the environment names no such endpoint; the relative form goes before the full one.
    ///
    /// - Throws: `AccessFailure.setting` if the address cannot be read, or would send a token in the clear to another machine.
    package init?(environment: [String: String]) throws(AccessFailure) {
        let given = { (key: String) in environment[key].flatMap { $0.isEmpty ? nil : $0 } }
        let target: Substring
        if let relative = given("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            guard relative.hasPrefix("/") else {
                throw .setting(
                    key: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                    value: relative,
                    allowed: "a path that starts with /"
                )
            }
            endpoint = Self.taskEndpoint
            target = relative[...]
        } else if let full = given("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
            let scheme: Endpoint.Scheme = full.hasPrefix("https://") ? .https : .http
            let afterScheme = full.dropFirst(scheme.rawValue.utf8.count + 3)
            let host = afterScheme.prefix { $0 != "/" && $0 != "?" }
            guard full.hasPrefix("\(scheme.rawValue)://"), let named = Endpoint("\(scheme.rawValue)://\(host)"),
                named.scheme == .https || named.isLoopback || Self.metadataHosts.contains(named.host.lowercased())
            else {
                throw .setting(
                    key: "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                    value: full,
                    allowed: "https, or http on loopback or a container metadata address"
                )
            }
            endpoint = named
            let rest = afterScheme.dropFirst(host.count)
            target = rest.hasPrefix("/") ? rest : "/" + rest
        } else {
            return nil
        }
        path = String(target.prefix { $0 != "?" })
        query = String(target.drop { $0 != "?" }.dropFirst())
        if let file = given("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            token = .file(file)
        } else {
            token = given("AWS_CONTAINER_AUTHORIZATION_TOKEN").map(Token.text) ?? .none
        }
    }

    private static let taskEndpoint = Endpoint(scheme: .http, host: "169.254.170.2")
    /// ECS, and EKS over both address families: the only hosts beyond this machine that may be asked in the clear.
    private static let metadataHosts: Set<String> = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"]
    private static let source = "the container endpoint"

    /// Asks the endpoint once.
    func fetch(over transport: any HTTPTransport, deadline: ContinuousClock.Instant) async throws -> Credentials {
        var request = HTTPRequest(.get, endpoint, path: path, query: query, largestResponse: 1 << 16)
        request.headers.set("Accept", to: "application/json")
        if let text = try authorization() { request.headers.set("Authorization", to: text) }
        return try Credentials(reply: try await transport.send(request, deadline: deadline), source: Self.source)
    }

    private func authorization() throws(AccessFailure) -> String? {
        switch token {
        case .none: return nil
        case .text(let text): return text
        case .file(let path):
            guard let bytes = Self.read(path) else {
                throw .credentials(source: Self.source, detail: "token file \(path) cannot be read")
            }
            // A line feed at the end is an editor's habit; one inside would be a second header, which the transport refuses.
            return String(decoding: bytes.reversed().drop { $0 == 0x0A || $0 == 0x0D }.reversed(), as: UTF8.self)
        }
    }

    /// The file's bytes, at most 64 KiB: a token is far shorter.
    private static func read(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { space in
                Glibc.read(file, space.baseAddress?.advanced(by: filled), space.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { break }
            filled += count
        }
        return Array(bytes.prefix(filled))
    }
}

// The token is a secret.
extension ContainerCredentials: CustomStringConvertible, CustomReflectable {
    package var description: String { "ContainerCredentials(\(endpoint))" }
    package var customMirror: Mirror { Mirror(self, children: ["endpoint": endpoint], displayStyle: .struct) }
}
