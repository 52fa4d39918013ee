import UsageCore

/// What became of the records that came from one stream within one hour.
///
/// The numbers are of tries, not of records: each try at a batch that came to its end is in them once, with all that it met. So
/// `received` is `stored` + `duplicates` + `setAside` + `leftOut` + `unresolved` whatever was delivered how often, where `deadLettered` is
/// of `setAside`, `apart` and `own` are of the rest, and `counted` is what entered the state table. A batch that came twice is received
/// twice, stored once and found once: `stored` is what is new in the store, `received` - `duplicates` - `unresolved` what came at all.
/// Tries that failed and came again leave their number in `unresolved` once and are stored or found by the next.
///
/// What a process that was killed had stored it could not enter: the next try finds it and calls it duplicates. `stored` + `duplicates` is
/// therefore what is known to be stored, and `stored` alone may be less than what was new.
package struct LedgerEntry: Sendable, Equatable {
    /// The log stream, the folder of trail files, or the way in.
    package let stream: String
    /// Start of the hour in which the records arrived, seconds since 1970.
    package let hour: Int64
    package let counts: IngestReport

    /// Seconds of an entry.
    package static let span: Int64 = 3600

    package init(stream: String, hour: Int64, counts: IngestReport) {
        self.stream = stream
        self.hour = hour
        self.counts = counts
    }

    /// The start of the hour that `seconds` lie in.
    package static func hour(of seconds: Int64) -> Int64 { EventTime.floorDivide(seconds, span) * span }

    /// The stream that records of `source` are entered under: itself, but for a file the folder above its date.
    ///
    /// Files have a name each, and an account and Region hundreds of them a day, in folders `.../CloudTrail/REGION/2026/10/12/` (CloudTrail User
    /// Guide, "Finding your CloudTrail log files"); what there is of a log stream is the folder of the Region.
    package static func stream(of source: String) -> String {
        guard source.hasPrefix("s3://") else { return source }
        var parts = source.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        while parts.count > 3, let last = parts.last, last.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            parts = parts.dropLast()
        }
        return parts.joined(separator: "/")
    }
}
