import CCrypto

/// SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104), computed by libcrypto.
package enum Digest {
    /// Length of every result, in bytes.
    package static let size = 32

    /// The SHA-256 hash of `message`.
    ///
    /// - Throws: `AccessFailure.localResource` if libcrypto has no memory or does not offer the algorithm.
    package static func sha256(_ message: [UInt8]) throws(AccessFailure) -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: size)
        var length = UInt32(size)
        let done = message.withUnsafeBytes { bytes in
            EVP_Digest(bytes.baseAddress, bytes.count, &hash, &length, EVP_sha256(), nil)
        }
        guard done == 1, length == size else {
            throw .localResource(subject: "SHA-256", detail: "EVP_Digest gave \(done), \(length) bytes")
        }
        return hash
    }

    /// The HMAC of `message` under `key`; both may have any length.
    ///
    /// - Throws: `AccessFailure.localResource` if libcrypto has no memory or does not offer the algorithm.
    package static func hmacSHA256(key: [UInt8], message: [UInt8]) throws(AccessFailure) -> [UInt8] {
        guard key.count <= Int32.max else {
            throw .localResource(subject: "HMAC-SHA-256", detail: "key of \(key.count) bytes")
        }
        var code = [UInt8](repeating: 0, count: size)
        var length = UInt32(size)
        // A key pointer of nil would mean "the key of last time", so an empty key still gets an address.
        let padded = key.isEmpty ? [0] : key
        let done = message.withUnsafeBytes { bytes in
            HMAC(
                EVP_sha256(),
                padded,
                Int32(key.count),
                bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
                bytes.count,
                &code,
                &length
            ) != nil
        }
        guard done, length == size else {
            throw .localResource(subject: "HMAC-SHA-256", detail: "HMAC gave \(length) bytes")
        }
        return code
    }

    /// Lower-case hexadecimal digits, two for each byte.
    package static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
