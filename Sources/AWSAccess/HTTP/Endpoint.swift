/// Where requests go: scheme, host and port, without a path.
package struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// Plain or over TLS.
    package enum Scheme: String, Sendable {
        case http
        case https
    }

    package let scheme: Scheme
    /// A name or an IPv4 address; an IPv6 address stands in brackets.
    package let host: String
    /// nil means the scheme's own.
    package let port: UInt16?

    /// Takes the parts as they are, except that the scheme's own port is written as nil.
    package init(scheme: Scheme = .https, host: String, port: UInt16? = nil) {
        self.scheme = scheme
        self.host = host
        self.port = port == (scheme == .https ? 443 : 80) ? nil : port
    }

    /// Reads `https://host`, `http://host:port`, with or without a slash at the end, or a bare `host`, which means https.
    ///
    /// nil for anything else: user names, paths, queries and characters that no host name has.
    package init?(_ text: String) {
        var rest = text[...]
        var scheme = Scheme.https
        for known in [Scheme.https, .http] where rest.lowercased().hasPrefix("\(known.rawValue)://") {
            scheme = known
            rest = rest.dropFirst(known.rawValue.utf8.count + 3)
        }
        if rest.utf8.last == 0x2F { rest.removeLast() }
        var port: UInt16?
        // Inside brackets colons belong to the address.
        let afterAddress = rest.hasPrefix("[") ? rest.lastIndex(of: "]") ?? rest.startIndex : rest.startIndex
        if let colon = rest[afterAddress...].lastIndex(of: ":") {
            let number = rest[rest.index(after: colon)...]
            guard number.utf8.first != 0x2B, let value = UInt16(number), value > 0 else { return nil }
            port = value
            rest = rest[..<colon]
        }
        guard Self.isHost(rest) else { return nil }
        self.init(scheme: scheme, host: String(rest), port: port)
    }

    /// What the `Host` header says: the port only where it is not the scheme's own.
    package var authority: String { port.map { "\(host):\($0)" } ?? host }

    package var description: String { "\(scheme.rawValue)://\(authority)" }

    /// Whether the other side is this machine: such requests never go through a proxy and need no TLS.
    package var isLoopback: Bool {
        let name = host.lowercased()
        return name == "localhost" || name.hasSuffix(".localhost") || name == "[::1]"
            || (name.hasPrefix("127.") && isIPv4)
    }

    /// Whether the other side is on this link (169.254.0.0/16, fe80::/10, or the metadata prefix fd00:ec2::).
    ///
    /// The metadata services of EC2, ECS and EKS are: a proxy cannot reach them for us.
    package var isLinkLocal: Bool {
        (host.hasPrefix("169.254.") && isIPv4) || host.lowercased().hasPrefix("[fd00:ec2:")
            || host.lowercased().hasPrefix("[fe8")
    }

    private var isIPv4: Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func isHost(_ text: Substring) -> Bool {
        if text.hasPrefix("["), text.hasSuffix("]") {
            let inner = text.dropFirst().dropLast()
            return inner.contains(":") && inner.utf8.allSatisfy { isHexDigit($0) || $0 == 0x3A || $0 == 0x2E }
        }
        return !text.isEmpty && text.utf8.count <= 253
            && text.utf8.allSatisfy { byte in
                isHexDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x2D || byte == 0x2E || byte == 0x5F
            }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
