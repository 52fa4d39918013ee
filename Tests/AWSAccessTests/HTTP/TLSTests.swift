import AWSAccess
import Glibc
import Testing

/// Against `openssl s_server` with a certificate that nobody has signed but itself.
@Suite("TLS", .enabled(if: access("/usr/bin/openssl", X_OK) == 0, "needs /usr/bin/openssl"))
struct TLSTests {
    @Test func `a certificate is believed only if it is among those to trust and names the host`() async throws {
        let server = try SelfSignedServer()
        defer { server.stop() }
        let request = HTTPRequest(.get, Endpoint(host: "127.0.0.1", port: server.port))
        let deadline = ContinuousClock.now + .seconds(600)
        func isUntrusted(_ error: any Error) -> Bool {
            guard case .untrusted = error as? AccessFailure else { return false }
            return true
        }
        await #expect {
            try await CurlTransport().send(request, deadline: deadline)
        } throws: {
            isUntrusted($0)
        }
        let trusting = CurlTransport(certificateFile: server.certificate)
        #expect(try await trusting.send(request, deadline: deadline).status == 200)
        // The certificate is for the address alone.
        var renamed = request
        renamed.endpoint = Endpoint(host: "localhost", port: server.port)
        await #expect {
            try await trusting.send(renamed, deadline: deadline)
        } throws: {
            isUntrusted($0)
        }
        await #expect {
            try await CurlTransport(certificateFile: server.certificate + ".absent").send(request, deadline: deadline)
        } throws: {
            isUntrusted($0)
        }
        // Plain HTTP to a TLS port, and the reverse, end as errors and not as answers.
        var plain = request
        plain.endpoint = Endpoint(scheme: .http, host: "127.0.0.1", port: server.port)
        await #expect(throws: AccessFailure.self) { try await trusting.send(plain, deadline: deadline) }
    }
}

private struct SelfSignedServer {
    let port: UInt16
    let certificate: String
    private let process: pid_t
    private let folder: String

    init() throws {
        var template = Array("/tmp/tls-test-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            throw AccessFailure.localResource(subject: "folder", detail: "errno \(errno)")
        }
        folder = String(cString: made)
        certificate = folder + "/certificate.pem"
        let key = folder + "/key.pem"
        let (maker, made2) = try Self.run([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
        ])
        close(made2)
        var status: Int32 = 0
        waitpid(maker, &status, 0)
        let output: Int32
        (process, output) = try Self.run([
            "s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www",
        ])
        defer { close(output) }
        // The line "ACCEPT 127.0.0.1:12345" names the port that the system chose.
        var text: [UInt8] = []
        var byte: UInt8 = 0
        while read(output, &byte, 1) == 1 {
            text.append(byte)
            guard byte == UInt8(ascii: "\n") else { continue }
            let line = String(decoding: text, as: UTF8.self)
            text = []
            if line.hasPrefix("ACCEPT "),
                let number = line.dropLast().split(separator: ":").last.flatMap({ UInt16($0) })
            {
                port = number
                return
            }
        }
        throw AccessFailure.localResource(subject: "openssl s_server", detail: "no ACCEPT line")
    }

    func stop() {
        kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        for name in names(in: folder) { unlink(folder + "/" + name) }
        rmdir(folder)
    }

    /// Starts openssl and gives its process and the end of a pipe from which its standard output is read.
    private static func run(_ arguments: [String]) throws -> (pid_t, Int32) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw AccessFailure.localResource(subject: "pipe", detail: "errno \(errno)") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        var pointers = (["openssl"] + arguments).map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        pointers.append(nil)
        var process = pid_t()
        let code = posix_spawn(&process, "/usr/bin/openssl", &actions, nil, pointers, environ)
        close(ends[1])
        guard code == 0 else {
            throw AccessFailure.localResource(subject: "openssl", detail: "posix_spawn gave \(code)")
        }
        return (process, ends[0])
    }
}
