import CCurl

extension CurlTransfer {
    /// What libcurl's result means for whoever asked: above all, whether the other side may have seen the request.
    func failure(_ result: CURLcode) -> AccessFailure {
        var requestSize = 0
        _ = ccurl_get_long(handle, CURLINFO_REQUEST_SIZE, &requestSize)
        let isSent = requestSize > 0
        let host = request.endpoint.authority
        let told = String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let said = told.isEmpty ? String(cString: curl_easy_strerror(result)) : told
        let detail = "\(said) [curl \(result.rawValue)]"
        switch result {
        case CURLE_OPERATION_TIMEDOUT:
            let spent = (ContinuousClock.now - start) / .milliseconds(1)
            return .timedOut(host: host, afterMilliseconds: Int64(spent), sent: isSent)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CERTPROBLEM:
            return .untrusted(host: host, detail: detail)
        case CURLE_URL_MALFORMAT where !isSent, CURLE_UNSUPPORTED_PROTOCOL where !isSent:
            return .malformedRequest(subject: request.description, detail: detail)
        case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT:
            return .localResource(subject: "libcurl", detail: detail)
        default:
            return isSent ? .connectionLost(host: host, detail: detail) : .unreachable(host: host, detail: detail)
        }
    }
}
