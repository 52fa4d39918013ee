extension Envelope {
    /// Hands on the records of a decoded batch of CloudWatch Logs, each from the text of its log event.
    ///
    /// This is the way that nearly all records come, so it is one walk: a text is read into the same scratch again and again and
    /// scanned there. What is broken in one log event costs that event.
    ///
    /// - Returns: False, and nothing handed on, where `document` is no such batch.
    @discardableResult
    static func logBatch(
        _ document: UnsafeBufferPointer<UInt8>,
        _ depth: Int,
        into sink: inout some RecordSink
    ) -> Bool {
        var scanner = JSONScanner(document)
        var type = ByteRange.none
        var stream = ByteRange.none
        var list = ByteRange.none
        var isDone = false
        var failed: Int?
        let whole = scanner.eachMember { scanner, name in
            if scanner.matches(name, "messageType") { return scanner.value(into: &type) }
            if scanner.matches(name, "logStream") { return scanner.value(into: &stream) }
            guard scanner.matches(name, "logEvents"), scanner.peek() == UInt8(ascii: "[") else {
                return scanner.skipValue()
            }
            if type.isEmpty || stream.isEmpty || isDone || isControl(type, document) {
                // Not in the order that CloudWatch Logs writes: what stands behind is read first.
                return scanner.value(into: &list)
            }
            isDone = true
            begin(stream, document, into: &sink)
            failed = events(&scanner, document, depth, into: &sink)
            return failed == nil
        }
        if isDone {
            scanner.skipSpace()
            if !whole || scanner.at < scanner.end {
                let rest = UnsafeBufferPointer(rebasing: document[(failed ?? scanner.at)...])
                sink.setAside(SetAside(DecodeFailure(scanner), rest))
            }
            return true
        }
        guard whole, !list.isEmpty else { return false }
        scanner.skipSpace()
        guard scanner.at == scanner.end else { return false }
        if isControl(type, document) {
            sink.passOver(.controlMessage)
            return true
        }
        begin(stream, document, into: &sink)
        var inside = JSONScanner(document, from: list.start)
        if let failed = events(&inside, document, depth, into: &sink) {
            let rest = UnsafeBufferPointer(rebasing: document[failed..<max(failed, list.end)])
            sink.setAside(SetAside(DecodeFailure(inside), rest))
        }
        return true
    }

    private static func isControl(_ type: ByteRange, _ document: UnsafeBufferPointer<UInt8>) -> Bool {
        JSONScanner(document).matches(type, "\"CONTROL_MESSAGE\"")
    }

    private static func begin(
        _ stream: ByteRange,
        _ document: UnsafeBufferPointer<UInt8>,
        into sink: inout some RecordSink
    ) {
        sink.beginLogBatch(RecordFields.raw(stream, document), size: document.count)
    }

    /// The elements of `logEvents`; where they cannot be followed any further, the place from which on they are lost.
    private static func events(
        _ scanner: inout JSONScanner,
        _ document: UnsafeBufferPointer<UInt8>,
        _ depth: Int,
        into sink: inout some RecordSink
    ) -> Int? {
        var text = TextScratch()
        guard scanner.take(UInt8(ascii: "[")) else { return scanner.at }
        if scanner.peek() == UInt8(ascii: "]") {
            scanner.at += 1
            sink.passOver(.emptyBatch)
            return nil
        }
        while true {
            scanner.skipSpace()
            let start = scanner.at
            if !event(&scanner, document, depth, &text, into: &sink) {
                guard let next = Resume.behindElement(document, start: start, fault: scanner.at, name: "\"id\""),
                    next > start, next < document.count
                else { return start }
                let broken = UnsafeBufferPointer(rebasing: document[start..<next])
                sink.setAside(SetAside(DecodeFailure(scanner), broken))
                scanner = JSONScanner(document, from: next)
                // Where only the next event's beginning could be told, its comma went with what was broken.
                if document[next] == UInt8(ascii: "{") { continue }
            }
            scanner.skipSpace()
            let behind = scanner.at
            guard behind < scanner.end else {
                _ = scanner.fail(.incomplete)
                return behind
            }
            scanner.at += 1
            switch document[behind] {
            case UInt8(ascii: ","): continue
            case UInt8(ascii: "]"): return nil
            default:
                _ = scanner.fail(.syntax)
                return behind
            }
        }
    }

    /// One log event: `{"id":"...","timestamp":...,"message":"..."}`.
    @inline(__always)
    private static func event(
        _ scanner: inout JSONScanner,
        _ document: UnsafeBufferPointer<UInt8>,
        _ depth: Int,
        _ text: inout TextScratch,
        into sink: inout some RecordSink
    ) -> Bool {
        let start = scanner.at
        guard scanner.peek() == UInt8(ascii: "{") else {
            guard scanner.skipValue() else { return false }
            inner(UnsafeBufferPointer(rebasing: document[start..<scanner.at]), depth, into: &sink)
            return true
        }
        var id = ByteRange.none
        var hasText = false
        let whole = scanner.eachMember { scanner, name in
            if scanner.matches(name, "id") { return scanner.value(into: &id) }
            if scanner.matches(name, "message"), scanner.peek() == UInt8(ascii: "\"") {
                hasText = true
                return scanner.string(into: &text)
            }
            return scanner.skipValue()
        }
        guard whole else { return false }
        sink.beginLogEvent(RecordFields.raw(id, document))
        if hasText {
            inner(text.scanner, text.bytes, depth + 1, into: &sink)
        } else {
            inner(UnsafeBufferPointer(rebasing: document[start..<scanner.at]), depth, into: &sink)
        }
        return true
    }
}
