/// Reads one input of any shape, plain or gzip, fed in pieces: the whole way from bytes to records.
package struct RecordReader {
    private var framer = RecordFramer()
    private var inflater: Inflater?
    /// Whether the input is gzip is told by its first two bytes; a first byte that comes alone waits here for the second.
    private var waiting: UInt8?
    private var isFirst = true

    private static let gzipLead: UInt8 = 0x1F

    package init() {}

    /// Takes the next bytes.
    ///
    /// Throws where gzip data is damaged; what was inflated before has been handed on.
    package mutating func feed(
        _ bytes: UnsafeBufferPointer<UInt8>,
        into sink: inout some RecordSink
    ) throws(DecodeFailure) {
        if isFirst, let first = bytes.first {
            if let lead = waiting {
                waiting = nil
                return try begin([lead] + Array(bytes), into: &sink)
            }
            if bytes.count == 1, first == Self.gzipLead {
                waiting = first
                return
            }
            isFirst = false
            if Inflater.isGzip(bytes) { inflater = Inflater() }
        }
        guard let inflater else { return framer.feed(bytes, into: &sink) }
        try inflater.feed(bytes) { (piece) throws(DecodeFailure) in framer.feed(piece, into: &sink) }
    }

    /// Says that no more bytes come.
    ///
    /// Throws where gzip data ends early; what came before has been handed on.
    package mutating func finish(into sink: inout some RecordSink) throws(DecodeFailure) {
        if let lead = waiting {
            waiting = nil
            [lead].withUnsafeBufferPointer { framer.feed($0, into: &sink) }
        }
        framer.finish(into: &sink)
        try inflater?.finish()
    }

    private mutating func begin(_ bytes: [UInt8], into sink: inout some RecordSink) throws(DecodeFailure) {
        let failure: DecodeFailure? = bytes.withUnsafeBufferPointer { buffer in
            do throws(DecodeFailure) { try feed(buffer, into: &sink) } catch { return error }
            return nil
        }
        if let failure { throw failure }
    }

    /// Whether anything but white space has been read.
    package var hasBegun: Bool { framer.hasBegun }
}

// Concrete entries within the module that counts: so the loop over records is compiled as one, without a witness call for each.

extension Tally {
    /// Counts the next bytes of an input.
    package mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, _ reader: inout RecordReader) throws(DecodeFailure)
    {
        try reader.feed(bytes, into: &self)
    }

    /// Counts what is left of an input.
    package mutating func finish(_ reader: inout RecordReader) throws(DecodeFailure) { try reader.finish(into: &self) }
}

extension EvidenceGatherer {
    /// Searches the next bytes of an input.
    package mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, _ reader: inout RecordReader) throws(DecodeFailure)
    {
        try reader.feed(bytes, into: &self)
    }

    /// Searches what is left of an input.
    package mutating func finish(_ reader: inout RecordReader) throws(DecodeFailure) { try reader.finish(into: &self) }
}

extension Tally {
    /// Counts one stored record.
    package mutating func readRecord(_ bytes: UnsafeBufferPointer<UInt8>) {
        var scanner = JSONScanner(bytes)
        var fields = RecordFields()
        if fields.scan(&scanner) { take(fields, bytes) }
    }
}

extension EvidenceGatherer {
    /// Searches one stored record.
    package mutating func readRecord(_ bytes: UnsafeBufferPointer<UInt8>) {
        var scanner = JSONScanner(bytes)
        var fields = RecordFields()
        if fields.scan(&scanner) { take(fields, bytes) }
    }
}
