import AWSAccess
import Glibc

/// Servers written in Python that run as child processes and end with this one.
enum ChildServer {
    /// Starts one on a free port of this machine; it takes a second or two until it listens.
    ///
    /// - Parameter arguments: Those of the interpreter, as the shell reads them; the port comes behind.
    /// - Returns: Where it will listen.
    /// - Throws: `AccessFailure` where it cannot be started.
    static func start(_ arguments: String) throws -> Endpoint {
        let endpoint = try closedPort()
        // The stream is never closed: its end, when this process ends, however it does, is what ends the child.
        guard popen("exec python3 -c '\(keeper)' \(arguments) \(endpoint.port ?? 0)", "we") != nil else {
            throw AccessFailure.localResource(subject: "stand-in", detail: arguments)
        }
        return endpoint
    }

    /// Runs the server for as long as its own input is open.
    ///
    /// It lets go of what it inherits first: an open connection would never end for its peer, and the signals that Swift's threads
    /// block would find no ear.
    private static let keeper = """
        import os, signal, subprocess, sys
        os.closerange(3, 65536)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        quiet = subprocess.DEVNULL
        child = subprocess.Popen([sys.executable, *sys.argv[1:]], stdout=quiet, stderr=quiet)
        sys.stdin.read()
        child.kill()
        """

    /// A port on which nothing listens: one that was just given back.
    private static func closedPort() throws -> Endpoint {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(socket, generic, length) == 0 && getsockname(socket, generic, &length) == 0
            }
        }
        guard isBound else { throw AccessFailure.localResource(subject: "stand-in", detail: "errno \(errno)") }
        return Endpoint(scheme: .http, host: "127.0.0.1", port: UInt16(bigEndian: address.sin_port))
    }
}
