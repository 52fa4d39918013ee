/// One HTTP request as a function's runtime sent it.
struct RuntimeRequest: Equatable, Sendable {
    let method: String
    /// As it was sent, without the query.
    let path: String
    /// Names in lower case; of repeated ones the first.
    let headers: [String: String]
    /// At most `RequestReader.mostKept` bytes of it.
    let body: [UInt8]
    /// How long the body was in all.
    let bodySize: Int
    /// Whether the sender wants the connection closed after the reply.
    let isLast: Bool
}
