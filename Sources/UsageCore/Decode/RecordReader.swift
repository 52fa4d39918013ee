/// Reads one input of any shape, plain or gzip, fed in pieces: the whole way from bytes to records.
package struct RecordReader {
    private var framer = RecordFramer()
    private var inflater: Inflater?
    private var isFirst = true

    package init() {}

    /// Takes the next bytes.
    ///
    /// Throws where gzip data is damaged; what was inflated before has been handed on.
    package mutating func feed(
        _ bytes: UnsafeBufferPointer<UInt8>,
        into sink: inout some RecordSink
    ) throws(DecodeFailure) {
        if isFirst, !bytes.isEmpty {
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
        framer.finish(into: &sink)
        try inflater?.finish()
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
