import CCurl

/// libcurl's process-wide state.
enum CurlLibrary {
    /// The result of initializing it, which happens once, whichever thread asks first.
    static let status: CURLcode = ccurl_global_init()

    /// Throws unless libcurl is ready for use.
    static func prepare() throws(AccessFailure) {
        guard status == CURLE_OK else {
            throw .localResource(subject: "libcurl", detail: String(cString: curl_easy_strerror(status)))
        }
    }
}
