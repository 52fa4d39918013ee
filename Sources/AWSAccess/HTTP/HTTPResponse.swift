/// One answer, complete in memory.
///
/// Every status is an answer: what it means is for the caller to say.
package struct HTTPResponse: Sendable, Equatable {
    /// 100 to 599.
    package var status: Int
    /// Of the last answer, where interim ones (1xx) came first.
    package var headers: HTTPHeaders
    package var body: [UInt8]

    /// Takes the parts as they are.
    package init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
