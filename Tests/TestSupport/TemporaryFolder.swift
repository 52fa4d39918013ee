import Glibc

/// A folder below /tmp that is gone when this value is.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        var template = Array("/tmp/usage-anomalies-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Folder.Unreadable(path: "/tmp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { _ = system("rm -rf '\(path)'") }

    /// Writes `text` to the file `name`.
    package func write(_ text: String, to name: String, isProgram: Bool = false) throws {
        guard let file = fopen("\(path)/\(name)", "wb") else { throw Folder.Unreadable(path: "\(path)/\(name)") }
        defer { fclose(file) }
        let bytes = Array(text.utf8)
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw Folder.Unreadable(path: name) }
        if isProgram { chmod("\(path)/\(name)", 0o755) }
    }
}
