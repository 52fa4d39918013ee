/// An AWS access key, with the token and end that temporary ones have.
///
/// Printing, interpolating, dumping or reflecting a value shows the access key id and nothing secret.
package struct Credentials: Sendable, Equatable {
    package let accessKeyId: String
    package let secretAccessKey: String
    /// Goes into `x-amz-security-token`; nil for long-lived keys.
    package let sessionToken: String?
    /// When the key stops to work; nil if that is not known or never.
    package let expiration: WallTime?

    /// Takes the parts as they are; nothing is checked.
    package init(
        accessKeyId: String,
        secretAccessKey: String,
        sessionToken: String? = nil,
        expiration: WallTime? = nil
    ) {
        self.accessKeyId = accessKeyId
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
    }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        "Credentials(\(accessKeyId), expires: \(expiration?.rfc3339 ?? "never"))"
    }

    package var debugDescription: String { description }

    // `dump` and every printer built on Mirror walk the stored properties unless told otherwise.
    package var customMirror: Mirror {
        Mirror(self, children: ["accessKeyId": accessKeyId], displayStyle: .struct)
    }
}
