/// Cuts a stream of bytes into CloudTrail records, whatever shape they come in.
///
/// It is fed in pieces and carries the remainder, so a file of any size needs the memory of its largest record. What it knows:
/// trail files (`{"Records":[...]}`), arrays, newline-delimited or concatenated documents, and the envelopes of `Envelope`. A record that
/// cannot be read is set aside with its reason and its bytes; the rest goes on.
package struct RecordFramer {
    /// No document or record longer than this is held in memory.
    package static let largestDocument = 64 << 20

    private enum Place {
        /// Between documents.
        case outside
        /// In the array of a trail file (`isWrapped`) or in a bare array.
        case elements(isWrapped: Bool)
        /// Behind the array of a trail file, inside its object.
        case trailer
    }

    /// What may come next in an array (RFC 8259 section 5).
    private enum Due {
        /// Behind the bracket: an element or the end.
        case elementOrEnd
        /// Behind a comma: an element.
        case element
        /// Behind an element: a comma or the end.
        case commaOrEnd
        /// Behind what was set aside: it may have taken a comma with it.
        case anything
    }

    private var place = Place.outside
    private var due = Due.elementOrEnd
    private var buffer: [UInt8] = []
    /// The buffer is not looked at again before it is this long: a large record is not scanned anew for each piece.
    private var retryAt = 0
    private var fields = RecordFields()
    /// Whether any document has begun.
    package private(set) var hasBegun = false

    package init() {}

    /// Takes the next bytes and hands on each record that is whole.
    package mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout some RecordSink) {
        if buffer.isEmpty {
            // Nothing is carried: the records are read where they lie, and only the remainder is copied.
            let done = advance(bytes, isLast: false, into: &sink)
            buffer.append(contentsOf: bytes[done...])
            retryAt = min(buffer.count * 2, Self.largestDocument)
            return
        }
        buffer.append(contentsOf: bytes)
        guard buffer.count >= retryAt else { return }
        process(isLast: false, into: &sink)
    }

    /// Says that no more bytes come: what is left is read or set aside.
    package mutating func finish(into sink: inout some RecordSink) {
        process(isLast: true, into: &sink)
        if case .outside = place { return }
        // The file stops between two records or behind the last one: nothing is lost that was there, but more was meant to come.
        sink.setAside(SetAside(.cutShort))
        place = .outside
    }

    private mutating func process(isLast: Bool, into sink: inout some RecordSink) {
        var held: [UInt8] = []
        swap(&held, &buffer)
        let done = held.withUnsafeBufferPointer { bytes in advance(bytes, isLast: isLast, into: &sink) }
        if isLast {
            held.removeAll()
        } else {
            held.removeSubrange(0..<done)
        }
        swap(&held, &buffer)
        retryAt = min(buffer.count * 2, Self.largestDocument)
    }

    /// Reads as far as it can and tells how many bytes are done with.
    private mutating func advance(
        _ bytes: UnsafeBufferPointer<UInt8>,
        isLast: Bool,
        into sink: inout some RecordSink
    ) -> Int {
        var scanner = JSONScanner(bytes)
        if !hasBegun, bytes.first == 0xEF {
            // A byte order mark, as editors put it at the beginning.
            guard bytes.count >= 3 || isLast else { return 0 }
            if bytes.count >= 3, bytes[1] == 0xBB, bytes[2] == 0xBF { scanner.at = 3 }
        }
        while true {
            scanner.skipSpace()
            guard scanner.at < scanner.end else { return scanner.end }
            let start = scanner.at
            let moved: Bool
            switch place {
            case .outside: moved = document(&scanner, bytes, isLast, &sink)
            case .elements(let isWrapped): moved = element(&scanner, bytes, isWrapped, isLast, &sink)
            case .trailer: moved = trailer(&scanner, bytes, isLast, &sink)
            }
            if moved { continue }
            // More bytes are needed, unless the limit is reached: then the stretch is given up.
            if isLast || scanner.end - start >= Self.largestDocument {
                let failure: DecodeFailure = isLast ? .cutShort : .tooLarge(limit: Self.largestDocument)
                setAside(failure, bytes, start..<scanner.end, isLast, &sink)
                return scanner.end
            }
            return start
        }
    }

    private mutating func setAside(
        _ failure: DecodeFailure,
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ range: Range<Int>,
        _ isLast: Bool,
        _ sink: inout some RecordSink
    ) {
        sink.setAside(SetAside(failure, UnsafeBufferPointer(rebasing: bytes[range])))
        due = .anything
        // What reaches to the end of the input is told once: its array is not told as cut short beside it.
        if isLast, range.upperBound == bytes.count { place = .outside }
    }

    /// One document, or the head of a trail file.
    ///
    /// False: more bytes are needed.
    private mutating func document(
        _ scanner: inout JSONScanner,
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ isLast: Bool,
        _ sink: inout some RecordSink
    ) -> Bool {
        let start = scanner.at
        hasBegun = true
        if bytes[start] == UInt8(ascii: "[") {
            scanner.at += 1
            place = .elements(isWrapped: false)
            due = .elementOrEnd
            return true
        }
        if bytes[start] == UInt8(ascii: "{") {
            switch TrailFileHead(scanner) {
            case .found(let behind):
                scanner.at = behind
                place = .elements(isWrapped: true)
                due = .elementOrEnd
                return true
            case .cutShort where !isLast: return false
            default: break
            }
        }
        if bytes[start] == UInt8(ascii: "{") && fields.scan(&scanner) {
            Envelope.take(fields, bytes, into: &sink)
            return true
        }
        if scanner.fault == .incomplete && !isLast { return false }
        // Newline-delimited text resumes at the next line that begins a document.
        let failure = DecodeFailure(scanner)
        guard let resumed = Resume.nextDocument(bytes, from: start) ?? (isLast ? bytes.count : nil) else {
            return false
        }
        sink.setAside(SetAside(failure, UnsafeBufferPointer(rebasing: bytes[start..<resumed])))
        scanner = JSONScanner(bytes, from: resumed)
        return true
    }

    /// One element of an array of records, or its end.
    ///
    /// False: more bytes are needed.
    private mutating func element(
        _ scanner: inout JSONScanner,
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ isWrapped: Bool,
        _ isLast: Bool,
        _ sink: inout some RecordSink
    ) -> Bool {
        let start = scanner.at
        switch bytes[start] {
        case UInt8(ascii: "]"):
            scanner.at += 1
            place = isWrapped ? .trailer : .outside
            if due == .elementOrEnd { sink.passOver(.emptyBatch) }
            if due == .element { sink.setAside(SetAside(.strayComma)) }
            return true
        case UInt8(ascii: ","):
            scanner.at += 1
            switch due {
            case .commaOrEnd: due = .element
            // A row of commas is told once.
            case .elementOrEnd, .element:
                sink.setAside(SetAside(.strayComma))
                due = .anything
            case .anything: break
            }
            return true
        case UInt8(ascii: "{"):
            if fields.scan(&scanner) {
                beginElement(&sink)
                Envelope.take(fields, bytes, into: &sink)
                return true
            }
        default:
            if scanner.skipValue() {
                // A number may go on in the next bytes.
                if !isLast, scanner.at == scanner.end { return false }
                beginElement(&sink)
                sink.setAside(SetAside(.notARecord, UnsafeBufferPointer(rebasing: bytes[start..<scanner.at])))
                return true
            }
        }
        if scanner.fault == .incomplete && !isLast { return false }
        let failure = DecodeFailure(scanner)
        let behind = Resume.behindElement(bytes, start: start, fault: scanner.at)
        guard let resumed = behind ?? (isLast ? bytes.count : nil) else { return false }
        setAside(failure, bytes, start..<resumed, isLast, &sink)
        scanner = JSONScanner(bytes, from: resumed)
        return true
    }

    /// Notes that a whole element has come, and the comma that should have stood before it.
    private mutating func beginElement(_ sink: inout some RecordSink) {
        if due == .commaOrEnd { sink.setAside(SetAside(.missingComma)) }
        due = .commaOrEnd
    }

    /// The members behind the records of a trail file, and the brace that ends it.
    ///
    /// False: more bytes are needed.
    private mutating func trailer(
        _ scanner: inout JSONScanner,
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ isLast: Bool,
        _ sink: inout some RecordSink
    ) -> Bool {
        let start = scanner.at
        if bytes[start] == UInt8(ascii: "}") {
            scanner.at += 1
            place = .outside
            return true
        }
        if scanner.take(UInt8(ascii: ",")), scanner.take(UInt8(ascii: "\"")), scanner.skipStringBody(),
            scanner.take(UInt8(ascii: ":")), scanner.skipValue()
        {
            // A number may go on in the next bytes.
            return isLast || scanner.at < scanner.end
        }
        if scanner.fault == .incomplete && !isLast { return false }
        let failure = DecodeFailure(scanner)
        guard let resumed = Resume.nextDocument(bytes, from: start) ?? (isLast ? bytes.count : nil) else {
            return false
        }
        sink.setAside(SetAside(failure, UnsafeBufferPointer(rebasing: bytes[start..<resumed])))
        scanner = JSONScanner(bytes, from: resumed)
        place = .outside
        return true
    }
}
