import Glibc

/// One connection of a function's runtime to the local Runtime API; nothing here waits.
struct RuntimeConnection {
    let descriptor: Int32
    private var reader = RequestReader()
    private var outgoing: [UInt8] = []
    private var sent = 0
    /// A `next` was asked for here and has no reply yet.
    var isHeld = false
    /// To be closed once everything is sent.
    var isClosing = false

    init(descriptor: Int32) {
        self.descriptor = descriptor
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// What to wait for on it.
    var events: Int16 { Int16(sent < outgoing.count ? POLLIN | POLLOUT : POLLIN) }

    var isDone: Bool { isClosing && sent == outgoing.count }

    /// Reads what has arrived and gives the requests that are whole.
    ///
    /// - Returns: nil once the other side has closed or sent what is no HTTP.
    mutating func receive() -> [RuntimeRequest]? {
        var requests: [RuntimeRequest] = []
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        let count = recv(descriptor, &piece, piece.count, Int32(MSG_DONTWAIT))
        if count < 0 { return errno == EAGAIN || errno == EINTR ? [] : nil }
        guard count > 0 else { return nil }
        piece.withUnsafeBytes { reader.feed(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        do throws(RequestReader.Malformed) {
            while let request = try reader.next() { requests.append(request) }
        } catch {
            send(.refusal(400, "BadRequest", error.what))
            isClosing = true
        }
        if reader.takeContinue() { queue(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
        return requests
    }

    /// Sends a reply, or as much of it as the other side takes now.
    mutating func send(_ reply: RuntimeReply) { queue(reply.wire) }

    /// Goes on with what is not sent yet; false where that is of no use any more.
    mutating func flush() -> Bool {
        while sent < outgoing.count {
            let count = outgoing.withUnsafeBytes { bytes in
                Glibc.send(
                    descriptor,
                    bytes.baseAddress.map { $0 + sent },
                    bytes.count - sent,
                    Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
                )
            }
            if count < 0 { return errno == EAGAIN || errno == EINTR }
            sent += count
        }
        outgoing = []
        sent = 0
        return true
    }

    private mutating func queue(_ bytes: [UInt8]) {
        outgoing.append(contentsOf: bytes)
        if !flush() { isClosing = true }
    }
}
