import Glibc

/// The port on loopback where the local Runtime API listens.
final class RuntimeListener {
    let descriptor: Int32
    /// `127.0.0.1:PORT`.
    let address: String

    init() throws(CommandFailure) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isReady =
            socket >= 0
            && withUnsafeMutablePointer(to: &name) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                    bind(socket, generic, length) == 0 && listen(socket, 64) == 0
                        && getsockname(socket, generic, &length) == 0
                }
            }
        guard isReady else {
            let reason = String(cString: strerror(errno))
            if socket >= 0 { close(socket) }
            throw .at("local Runtime API", "no port on 127.0.0.1 to listen on (\(reason))")
        }
        descriptor = socket
        address = "127.0.0.1:\(UInt16(bigEndian: name.sin_port))"
    }

    deinit { close(descriptor) }

    /// The connection that is waiting, which poll has announced.
    func next() -> RuntimeConnection? {
        let client = accept(descriptor, nil, nil)
        guard client >= 0 else { return nil }
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        return RuntimeConnection(descriptor: client)
    }
}
