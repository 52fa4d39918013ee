import CCurl
import Glibc

/// One request on one libcurl easy handle: sets the options, feeds the body, gathers the answer, reads the verdict.
///
/// Belongs to the thread that drives the handle.
final class CurlTransfer {
    /// What differs between the two users, the transport and the Runtime API.
    struct Options {
        /// For the whole transfer; nil waits for ever.
        var timeoutMilliseconds: Int?
        var connectTimeoutMilliseconds = 3000
        /// Certificates to trust instead of libcurl's built-in path.
        var certificateFile: String?
    }

    /// Bytes of header lines, interim answers included: older versions of libcurl bound a line but not their number.
    private static let largestHead = 256 << 10

    let handle: UnsafeMutableRawPointer
    let request: HTTPRequest
    private var headerList: UnsafeMutablePointer<curl_slist>?
    let reason: UnsafeMutableBufferPointer<CChar>
    let start = ContinuousClock.now
    private var bodyOffset = 0
    private var status = 0
    private var headers = HTTPHeaders()
    private var received: [UInt8] = []
    private var headerSize = 0
    /// The limit that the answer has passed, if it has.
    private var passedLimit: Int?
    /// libcurl takes an answer whose header breaks off for a whole one without a body.
    private var isHeadComplete = false

    /// Sets `handle`, which must outlive this value, up for `request` and keeps its open connections.
    init(_ request: HTTPRequest, on handle: UnsafeMutableRawPointer, _ options: Options) throws(AccessFailure) {
        self.handle = handle
        self.request = request
        reason = .allocate(capacity: Int(CURL_ERROR_SIZE))
        reason.initialize(repeating: 0)
        curl_easy_reset(handle)
        let url = try request.url()
        let lines = try request.headerLines()
        var worst = CURLE_OK
        func note(_ code: CURLcode) { if worst == CURLE_OK { worst = code } }

        note(ccurl_set_string(handle, CURLOPT_URL, url))
        note(ccurl_set_string(handle, CURLOPT_PROTOCOLS_STR, request.endpoint.scheme.rawValue))
        // The path was signed as it stands, so dots must not be folded.
        note(ccurl_set_long(handle, CURLOPT_PATH_AS_IS, 1))
        note(ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1))
        note(ccurl_set_long(handle, CURLOPT_TCP_KEEPALIVE, 1))
        note(ccurl_set_long(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1))
        // An answer in a pre-HTTP form would be taken as success without a status.
        note(ccurl_set_long(handle, CURLOPT_HTTP09_ALLOWED, 0))
        note(ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, reason.baseAddress))
        note(ccurl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, options.connectTimeoutMilliseconds))
        note(ccurl_set_long(handle, CURLOPT_TIMEOUT_MS, options.timeoutMilliseconds ?? 0))
        if request.endpoint.isLoopback || request.endpoint.isLinkLocal {
            note(ccurl_set_string(handle, CURLOPT_NOPROXY, "*"))
        }
        if let file = options.certificateFile { note(ccurl_set_string(handle, CURLOPT_CAINFO, file)) }
        note(setMethod())
        // Waiting for a 100 costs a second wherever the other side does not send it.
        var all = lines + ["Expect:"]
        // libcurl would call every body a form.
        if request.headers["content-type"] == nil { all.append("Content-Type:") }
        for line in all {
            guard let longer = curl_slist_append(headerList, line) else {
                throw .localResource(subject: "HTTP header", detail: "out of memory")
            }
            headerList = longer
        }
        note(ccurl_set_list(handle, CURLOPT_HTTPHEADER, headerList))

        let me = Unmanaged.passUnretained(self).toOpaque()
        note(ccurl_set_transfer(handle, CURLOPT_WRITEFUNCTION, takeBody))
        note(ccurl_set_pointer(handle, CURLOPT_WRITEDATA, me))
        note(ccurl_set_transfer(handle, CURLOPT_HEADERFUNCTION, takeHeader))
        note(ccurl_set_pointer(handle, CURLOPT_HEADERDATA, me))
        note(ccurl_set_transfer(handle, CURLOPT_READFUNCTION, giveBody))
        note(ccurl_set_pointer(handle, CURLOPT_READDATA, me))
        guard worst == CURLE_OK else {
            throw .localResource(subject: "libcurl", detail: String(cString: curl_easy_strerror(worst)))
        }
    }

    deinit {
        curl_slist_free_all(headerList)
        reason.deallocate()
    }

    private func setMethod() -> CURLcode {
        if request.method == .head { return ccurl_set_long(handle, CURLOPT_NOBODY, 1) }
        let named = ccurl_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        let carriesBody = !request.body.isEmpty || [.post, .put, .patch].contains(request.method)
        guard carriesBody, named == CURLE_OK else { return named }
        // libcurl repeats by itself what died on a kept-alive connection, a POST too. It cannot where the body does not rewind,
        // and a new connection is never repeated.
        let repeating: CURLcode
        if request.isSafeToRepeat {
            let me = Unmanaged.passUnretained(self).toOpaque()
            _ = ccurl_set_pointer(handle, CURLOPT_SEEKDATA, me)
            repeating = ccurl_set_seek(handle, rewindBody)
        } else {
            repeating = ccurl_set_long(handle, CURLOPT_FRESH_CONNECT, request.body.isEmpty ? 1 : 0)
        }
        guard repeating == CURLE_OK else { return repeating }
        let posted = ccurl_set_long(handle, CURLOPT_POST, 1)
        guard posted == CURLE_OK else { return posted }
        return ccurl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
    }

    /// The answer, or what kept it from coming, once libcurl has given its result.
    func finish(_ result: CURLcode) throws(AccessFailure) -> HTTPResponse {
        if let passedLimit { throw .responseTooLarge(host: request.endpoint.authority, limit: passedLimit) }
        if result == CURLE_OK {
            guard isHeadComplete else {
                throw .connectionLost(host: request.endpoint.authority, detail: "closed within the header")
            }
            return HTTPResponse(status: status, headers: headers, body: received)
        }
        throw failure(result)
    }

    fileprivate func take(body bytes: UnsafeRawBufferPointer) -> Int {
        guard bytes.count <= request.largestResponse - received.count else {
            passedLimit = request.largestResponse
            return 0
        }
        if received.isEmpty, let length = headers["content-length"].flatMap(Int.init), length > 0 {
            guard length <= request.largestResponse else {
                passedLimit = request.largestResponse
                return 0
            }
            received.reserveCapacity(length)
        }
        received.append(contentsOf: bytes)
        return bytes.count
    }

    fileprivate func take(header line: UnsafeRawBufferPointer) -> Int {
        headerSize += line.count
        guard headerSize <= Self.largestHead else {
            passedLimit = Self.largestHead
            return 0
        }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            headers = HTTPHeaders()
            isHeadComplete = false
            status = text.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0.prefix(3)) } ?? 0
        } else if line.count <= 2 {
            isHeadComplete = true
        } else if let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) {
            headers.add(String(text[..<colon]), trimmed(text[text.utf8.index(after: colon)...]))
        }
        return line.count
    }

    private func trimmed(_ text: Substring) -> String {
        var rest = text.utf8
        let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        while let first = rest.first, isSpace(first) { rest.removeFirst() }
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return String(Substring(rest))
    }

    fileprivate func give(body space: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(space.count, request.body.count - bodyOffset)
        request.body.withUnsafeBytes { bytes in
            space.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[bodyOffset..<(bodyOffset + count)]))
        }
        bodyOffset += count
        return count
    }

    fileprivate func rewind(to offset: Int) -> Bool {
        guard (0...request.body.count).contains(offset) else { return false }
        bodyOffset = offset
        return true
    }
}

// libcurl calls these on the thread that drives the handle, while the transfer is alive.

private func transfer(_ pointer: UnsafeMutableRawPointer?) -> CurlTransfer? {
    pointer.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
}

private let takeBody: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
    bytes,
    size,
    count,
    pointer in
    transfer(pointer)?.take(body: UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
}

private let takeHeader: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
    bytes,
    size,
    count,
    pointer in
    transfer(pointer)?.take(header: UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
}

private let giveBody: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
    space,
    size,
    count,
    pointer in
    transfer(pointer)?.give(body: UnsafeMutableRawBufferPointer(start: space, count: size * count)) ?? 0
}

private let rewindBody: @convention(c) (UnsafeMutableRawPointer?, curl_off_t, Int32) -> Int32 = {
    pointer,
    offset,
    origin in
    let isDone = origin == SEEK_SET && (transfer(pointer)?.rewind(to: Int(offset)) ?? false)
    return isDone ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_CANTSEEK
}
