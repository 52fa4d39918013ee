/// What a caller's habits are told by: the address it calls from and the tool it uses.
package enum CallerTraits {
    /// Whether `address` is an IP address; services call from names such as `autoscaling.amazonaws.com` or `AWS Internal`.
    @inline(__always)
    package static func isAddress(_ address: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = address.first, address.count <= 45 else { return false }
        if first &- UInt8(ascii: "0") < 10 {
            return address.allSatisfy {
                $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":")
            }
                || address.contains(UInt8(ascii: ":"))
        }
        return address.contains(UInt8(ascii: ":")) && !address.contains(UInt8(ascii: " "))
    }

    /// The family of tools that a user agent names: its first product without the version, `aws-cli` of `[aws-cli/2.15.0 ...]`.
    @inline(__always)
    package static func tool(_ userAgent: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var start = 0
        while start < userAgent.count, userAgent[start] == UInt8(ascii: "[") || userAgent[start] == UInt8(ascii: " ") {
            start += 1
        }
        var end = start
        while end < userAgent.count, end - start < 48 {
            let byte = userAgent[end]
            if byte == UInt8(ascii: "/") || byte == UInt8(ascii: " ") || byte == UInt8(ascii: ",") { break }
            end += 1
        }
        return UnsafeBufferPointer(rebasing: userAgent[start..<end])
    }

    private static let toolMarks: [(mark: StaticString, name: String)] = [
        ("Terraform", "Terraform"), ("terraform-provider", "Terraform"), ("Pulumi", "Pulumi"), ("OpenTofu", "OpenTofu"),
        ("karpenter", "Karpenter"), ("cdk", "AWS CDK"), ("Mozilla/", "a web browser"),
        ("console.amazonaws", "the console"), ("signin.amazonaws", "the console"),
    ]

    /// The family of tools for people to read: Terraform hides behind a partner token.
    package static func toolName(_ userAgent: String) -> String {
        var text = userAgent
        return text.withUTF8 { bytes in
            let known = toolMarks.first { ByteSearch.holds(bytes, $0.mark) }
            return known?.name ?? String(decoding: tool(bytes), as: UTF8.self)
        }
    }
}
