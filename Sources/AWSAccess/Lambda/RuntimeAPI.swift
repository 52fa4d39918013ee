import CCurl

/// The calls of the Lambda Runtime API, version 2018-06-01, on one libcurl handle that belongs to the calling thread.
final class RuntimeAPI {
    private let endpoint: Endpoint
    private let handle: UnsafeMutableRawPointer

    /// - Parameter address: `host:port` as `AWS_LAMBDA_RUNTIME_API` gives it.
    /// - Throws: `AccessFailure` if the address cannot be read or libcurl is not to be had.
    init(address: String) throws(AccessFailure) {
        guard let endpoint = Endpoint("http://" + address) else {
            throw .setting(key: "AWS_LAMBDA_RUNTIME_API", value: address, allowed: "host:port")
        }
        try CurlLibrary.prepare()
        guard let handle = curl_easy_init() else {
            throw .localResource(subject: "libcurl", detail: "no easy handle")
        }
        self.endpoint = endpoint
        self.handle = handle
    }

    deinit { curl_easy_cleanup(handle) }

    /// Waits for the next event, for ever: Lambda freezes the process between two of them.
    func next() throws(AccessFailure) -> HTTPResponse {
        try send(HTTPRequest(.get, endpoint, path: Self.root + "/invocation/next")).response
    }

    /// Answers an invocation.
    ///
    /// `isRepetition` tells whether an earlier try may have arrived, so that a refusal can mean "you have said so".
    func respond(
        to requestId: String,
        _ body: [UInt8]
    ) throws(AccessFailure) -> (
        response: HTTPResponse, isRepetition: Bool
    ) {
        try post("/invocation/\(PercentEncoding.encode(requestId))/response", body)
    }

    /// Reports an invocation as failed.
    func fail(
        _ requestId: String,
        _ report: ErrorReport
    ) throws(AccessFailure) -> (
        response: HTTPResponse, isRepetition: Bool
    ) {
        try post("/invocation/\(PercentEncoding.encode(requestId))/error", report.body, errorType: report.type)
    }

    /// Reports that the function could not be set up; only before the first `next`.
    func failInitialization(_ report: ErrorReport) throws(AccessFailure) -> HTTPResponse {
        try post("/init/error", report.body, errorType: report.type).response
    }

    private static let root = "/2018-06-01/runtime"

    private func post(
        _ path: String,
        _ body: [UInt8],
        errorType: String? = nil
    ) throws(AccessFailure) -> (
        response: HTTPResponse, isRepetition: Bool
    ) {
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        if let errorType { headers.add("Lambda-Runtime-Function-Error-Type", errorType) }
        // The request id makes a second copy harmless: Lambda refuses it. But then it must be known here that there was a first
        // one, so libcurl may not repeat it on its own.
        return try send(
            HTTPRequest(.post, endpoint, path: Self.root + path, headers: headers, body: body, isSafeToRepeat: false)
        )
    }

    /// A kept connection may have died while the process was frozen, so what breaks is tried once more.
    private func send(_ request: HTTPRequest) throws(AccessFailure) -> (response: HTTPResponse, isRepetition: Bool) {
        do throws(AccessFailure) {
            return (try perform(request), false)
        } catch {
            switch error {
            case .connectionLost, .unreachable, .timedOut: return (try perform(request), true)
            default: throw error
            }
        }
    }

    private func perform(_ request: HTTPRequest) throws(AccessFailure) -> HTTPResponse {
        let transfer = try CurlTransfer(request, on: handle, CurlTransfer.Options())
        // The Runtime API is never behind a proxy, whatever its host is called.
        _ = ccurl_set_string(handle, CURLOPT_NOPROXY, "*")
        let result = curl_easy_perform(handle)
        return try transfer.finish(result)
    }
}
