/// Where something lies in a buffer: 8 bytes, so that a record's fields fit a few cache lines.
///
/// Empty means absent.
package struct ByteRange: Equatable, Sendable {
    private var lower: UInt32
    private var upper: UInt32

    /// The absent range.
    package static let none = ByteRange(0, 0)

    /// From `start` up to and without `end`; buffers are at most `RecordFramer.largestDocument` long, far below 4 GiB.
    @inline(__always)
    package init(_ start: Int, _ end: Int) {
        lower = UInt32(truncatingIfNeeded: start)
        upper = UInt32(truncatingIfNeeded: end)
    }

    @inline(__always) package var start: Int { Int(lower) }
    @inline(__always) package var end: Int { Int(upper) }
    @inline(__always) package var count: Int { Int(upper) - Int(lower) }
    @inline(__always) package var isEmpty: Bool { upper <= lower }
}
