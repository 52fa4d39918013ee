import Glibc

/// One run of a program as a user would start it.
package struct ProgramRun: Sendable {
    package let output: String
    package let messages: String
    /// The exit code; nil where a signal ended it.
    package let code: Int32?

    /// The built `anomalyctl` beside the running tests.
    package static let anomalyctl: String = {
        var path = [CChar](repeating: 0, count: 4096)
        let count = max(0, readlink("/proc/self/exe", &path, path.count - 1))
        let own = String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // The test runner may be the toolchain's own; then the bundle's path stands among the arguments.
        for candidate in [own] + CommandLine.arguments {
            var folder = candidate
            while let slash = folder.lastIndex(of: "/") {
                folder = String(folder[..<slash])
                if access(folder + "/anomalyctl", X_OK) == 0 { return folder + "/anomalyctl" }
            }
        }
        return SharedData.packageRoot + "/.build/debug/anomalyctl"
    }()

    /// Runs a shell command and waits for it.
    package init(shell command: String) throws {
        var template = Array("/tmp/anomalyctl-run-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Folder.Unreadable(path: "/tmp") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { _ = system("rm -rf '\(folder)'") }
        let status = system("{ \(command)\n} >'\(folder)/out' 2>'\(folder)/err' </dev/null")
        output = String(decoding: try Folder.bytes(folder + "/out"), as: UTF8.self)
        messages = String(decoding: try Folder.bytes(folder + "/err"), as: UTF8.self)
        code = status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
    }

    /// Runs `anomalyctl` with the words of `arguments`, as the shell splits them.
    package init(_ arguments: String) throws {
        try self.init(shell: "'\(Self.anomalyctl)' \(arguments)")
    }
}
