/// One file as CloudTrail delivers it to a bucket, not yet compressed.
struct TrailFile: Sendable {
    /// The key below the trail's prefix.
    let key: String
    /// `{"Records":[...]}`.
    let bytes: [UInt8]
    let records: Int
}
