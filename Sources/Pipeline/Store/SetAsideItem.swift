/// Bytes that could not be read as a record, and why.
package struct SetAsideItem: Sendable, Equatable {
    /// The kind of failure, one of few words.
    package var reason: String
    /// What was seen, one line.
    package var detail: String
    /// Where the bytes came from: a file, a queue, a log stream.
    package var source: String
    /// The bytes as they came, empty where none could be had.
    package var bytes: [UInt8]

    /// An item with all its parts.
    package init(reason: String, detail: String, source: String, bytes: [UInt8]) {
        self.reason = reason
        self.detail = detail
        self.source = source
        self.bytes = bytes
    }
}
