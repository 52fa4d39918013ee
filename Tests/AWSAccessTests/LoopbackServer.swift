import AWSAccess
import Glibc
import Synchronization

/// A small HTTP server on 127.0.0.1 for tests: a thread for each connection runs the script it was given.
///
/// The environment names a proxy that leads nowhere, so that every request which arrives proves that proxies are not used here.
final class LoopbackServer: Sendable {
    typealias Script = @Sendable (borrowing Connection) -> Void

    let endpoint: Endpoint
    private let listener: Int32
    private let counter = Counter()

    /// How many connections were accepted.
    var connections: Int { counter.value }

    private static let deadProxy: Bool = {
        // Port 1 refuses at once. Done before the first thread of libcurl could read the environment.
        setenv("http_proxy", "http://127.0.0.1:1", 1) == 0 && setenv("all_proxy", "http://127.0.0.1:1", 1) == 0
    }()

    init(_ script: @escaping Script) throws {
        _ = Self.deadProxy
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isReady = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(socket, generic, length) == 0 && listen(socket, 512) == 0
                    && getsockname(socket, generic, &length) == 0
            }
        }
        guard socket >= 0, isReady else {
            throw AccessFailure.localResource(subject: "loopback server", detail: "errno \(errno)")
        }
        listener = socket
        endpoint = Endpoint(scheme: .http, host: "127.0.0.1", port: UInt16(bigEndian: address.sin_port))
        let counter = counter
        startThread {
            while true {
                let client = accept(socket, nil, nil)
                guard client >= 0 else {
                    if errno == EINTR || errno == ECONNABORTED { continue }
                    // Closed here and nowhere else: a number that is given to the next server meanwhile would be accepted on by this one.
                    if errno == EINVAL { close(socket) }
                    return
                }
                counter.increment()
                startThread { script(Connection(descriptor: client)) }
            }
        }
    }

    /// From now on connections are refused, and the accepting thread ends.
    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    /// A port on which nothing listens: one that was just given back.
    static func closedPort() throws -> Endpoint {
        try LoopbackServer { _ in }.endpoint
    }
}

/// One accepted connection; closed when the script ends.
struct Connection: ~Copyable {
    /// What one request consisted of.
    struct Received: Sendable {
        var line = ""
        var headers = HTTPHeaders()
        var body: [UInt8] = []
    }

    private let descriptor: Int32

    fileprivate init(descriptor: Int32) {
        self.descriptor = descriptor
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// The next request, or nil once the other side has closed.
    func next() -> Received? {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            var byte: UInt8 = 0
            guard recv(descriptor, &byte, 1, 0) == 1 else { return nil }
            head.append(byte)
        }
        var lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n").map(String.init)
        var received = Received(line: lines.removeFirst())
        for line in lines {
            let name = line.prefix { $0 != ":" }
            received.headers.add(String(name), String(line.dropFirst(name.count + 1).drop { $0 == " " }))
        }
        var missing = received.headers["content-length"].flatMap { Int($0) } ?? 0
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while missing > 0 {
            let count = recv(descriptor, &piece, min(piece.count, missing), 0)
            guard count > 0 else { return nil }
            received.body.append(contentsOf: piece[..<count])
            missing -= count
        }
        return received
    }

    /// Writes bytes as they are.
    func write(_ bytes: [UInt8]) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { all in
                send(
                    descriptor,
                    all.baseAddress?.advanced(by: offset),
                    all.count - offset,
                    Int32(MSG_NOSIGNAL)
                )
            }
            guard count > 0 else { return }
            offset += count
        }
    }

    func write(_ text: String) { write(Array(text.utf8)) }

    /// Writes a whole answer.
    func answer(_ status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        let lines = headers.map { "\($0.name): \($0.value)\r\n" }.joined()
        write(Array("HTTP/1.1 \(status) Reason\r\n\(lines)Content-Length: \(body.count)\r\n\r\n".utf8) + body)
    }

    /// Ends the connection with a TCP reset instead of an orderly close.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }

    /// Blocks until the other side has closed.
    func waitUntilClosed() {
        var byte: UInt8 = 0
        while recv(descriptor, &byte, 1, 0) > 0 {}
    }
}

/// A number that threads may add to.
final class Counter: Sendable {
    private let number = Atomic<Int>(0)

    var value: Int { number.load(ordering: .sequentiallyConsistent) }

    @discardableResult
    func increment() -> Int { number.add(1, ordering: .sequentiallyConsistent).newValue }
}

/// What several threads put in, in order.
final class Recorder<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    var all: [Element] { elements.withLock { $0 } }

    func add(_ element: Element) { elements.withLock { $0.append(element) } }
}

/// Runs `body` on a thread of its own.
func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let code = pthread_create(
        &thread,
        nil,
        { argument in
            if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        },
        Unmanaged.passRetained(Box(body)).toOpaque()
    )
    precondition(code == 0, "pthread_create gave \(code)")
    pthread_detach(thread)
}
