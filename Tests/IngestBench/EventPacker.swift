import UsageCore

/// Packs records of trail files as CloudWatch Logs hands them over.
struct EventPacker {
    /// Takes the records out of files, each with the place of its event's id.
    private struct Collector: RecordSink {
        var records: [(text: [UInt8], id: Range<Int>)] = []

        mutating func take(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) {
            let start = fields.record.start
            records.append(
                (
                    Array(bytes[start..<fields.record.end]),
                    fields.eventID.isEmpty ? 0..<0 : fields.eventID.start - start + 1..<fields.eventID.end - start - 1
                )
            )
        }

        mutating func setAside(_ rest: SetAside) {}

        mutating func passOver(_ kind: DocumentKind) {}
    }

    /// The files hold no record.
    struct NoRecords: Error, CustomStringConvertible {
        let description = "the files: no record found; name trail files"
    }

    private var collector = Collector()

    /// Reads whole files.
    init(_ files: [[UInt8]]) throws {
        for file in files {
            var reader = RecordReader()
            try file.withUnsafeBufferPointer { try reader.feed($0, into: &collector) }
            try reader.finish(into: &collector)
        }
        if collector.records.isEmpty { throw NoRecords() }
    }

    /// The event with `count` records; those that come once more have event ids of their own.
    func event(_ count: Int) throws -> [UInt8] {
        var json = JSONText()
        json.object { json in
            for (name, value) in [
                ("messageType", "DATA_MESSAGE"), ("owner", "111122223333"), ("logGroup", "trail"),
                ("logStream", "o-exampleorg1_111122223333_CloudTrail_us-east-1"),
            ] {
                json.name(name)
                json.string(value)
            }
            json.name("logEvents")
            json.array { json in
                for index in 0..<count {
                    json.object { json in
                        let digits = String(index)
                        json.name("id")
                        json.string("39" + String(repeating: "0", count: 54 - digits.utf8.count) + digits)
                        json.name("timestamp")
                        json.integer(1_688_990_000_000 + index)
                        json.name("message")
                        json.string(String(decoding: text(index), as: UTF8.self))
                    }
                }
            }
        }
        // Level 6 is what writers of gzip use who are not told otherwise.
        guard let packed = Deflater(level: 6).gzip(json.bytes) else { throw DecodeFailure.outOfMemory }
        return Array(#"{"awslogs":{"data":"\#(Base64.encode(packed))"}}"#.utf8)
    }

    private func text(_ index: Int) -> [UInt8] {
        var (text, id) = collector.records[index % collector.records.count]
        let turn = index / collector.records.count
        guard turn > 0 else { return text }
        let fresh = Digest128(of: "\(turn)").hexadecimal.utf8
        for (place, digit) in zip(id.prefix(8), fresh) { text[place] = digit }
        return text
    }
}
