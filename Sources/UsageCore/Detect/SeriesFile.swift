/// Scores a file of `timestamp,value` lines: bytes in, bytes out, one row out for each row in.
///
/// Comes out as `timestamp,value,anomaly_score,grade,expected,low,high,reason`: timestamp and value as they came, the
/// score always a number in 0...1, the grade the score of an alert and else 0, the reason empty but for alerts.
package struct SeriesFile {
    /// Rows that a gap is filled with at most: beyond that the gap is taken as the start of another time.
    private static let longestFill: Int64 = 2_000
    /// Rows filled in for each row read, so that times that leap to and fro cost no more than honest ones.
    private static let fillShare: Int64 = 10

    private let settings: SeriesSettings
    private let writer: SeriesWriter
    private var reader = SeriesReader()
    private var detector: SeriesDetector
    private var lastSeconds: Int64?
    private var lastValue = 0.0
    private var filledCount: Int64 = 0
    /// Rows read so far.
    package private(set) var rowCount = 0

    package init(settings: SeriesSettings) {
        self.settings = settings
        writer = SeriesWriter(format: settings.format)
        detector = SeriesDetector(level: settings.level, seed: settings.seed)
    }

    /// The scored rows of a whole file.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - settings: how to score it.
    /// - Returns: the output file.
    /// - Throws: `SeriesFailure` with the line that cannot be read.
    package static func detect(_ bytes: [UInt8], settings: SeriesSettings) throws -> [UInt8] {
        var file = SeriesFile(settings: settings)
        var out: [UInt8] = []
        out.reserveCapacity(3 * bytes.count)
        try file.read(bytes[...], into: &out)
        try file.finish(into: &out)
        return out
    }

    /// Reads a piece of the file and appends the rows that it completes.
    package mutating func read(_ piece: ArraySlice<UInt8>, into out: inout [UInt8]) throws {
        var reader = self.reader
        try reader.read(piece) { score($0, into: &out) }
        self.reader = reader
    }

    /// Reads what has no line end after it; fails where there was no row at all.
    package mutating func finish(into out: inout [UInt8]) throws {
        var reader = self.reader
        try reader.finish { score($0, into: &out) }
        self.reader = reader
        if rowCount == 0 { throw SeriesFailure.empty }
    }

    private mutating func score(_ row: SeriesReader.Row, into out: inout [UInt8]) {
        if rowCount == 0 { writer.begin(into: &out) }
        rowCount += 1
        fill(until: row.seconds)
        let verdict = detector.observe(row.value, at: row.seconds)
        writer.write(row, verdict, into: &out)
        lastSeconds = row.seconds
        if row.value.isFinite { lastValue = row.value }
    }

    /// Feeds the rows that are missing before `seconds`; the last ones where there are too many.
    private mutating func fill(until seconds: Int64) {
        guard let interval = settings.interval, interval > 0, let last = lastSeconds, seconds > last else { return }
        let missing = (seconds - last + interval / 2) / interval - 1
        guard missing > 0 else { return }
        let allowed = Self.longestFill + Self.fillShare * Int64(rowCount) - filledCount
        let count = max(0, min(missing, Self.longestFill, allowed))
        filledCount += count
        let first = count < missing ? seconds - count * interval : last + interval
        let value = detector.isCounting ? 0 : lastValue
        for index in 0..<count {
            _ = detector.observe(value, at: first + index * interval)
        }
    }
}
