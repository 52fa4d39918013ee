import UsageCore

/// Records that no store takes, with the reason: what a message of the dead-letter queue says.
package struct DeadLetter: Sendable, Equatable {
    /// One record, or bytes that are none.
    package struct Item: Sendable, Equatable {
        /// Its `eventID`, else the id of its log event; empty where it has neither.
        package var eventId: String
        package var bytes: [UInt8]

        /// Takes the parts as they are.
        package init(eventId: String, bytes: [UInt8]) {
            self.eventId = eventId
            self.bytes = bytes
        }
    }

    /// The kind of failure, one of few words.
    package let reason: String
    /// What was seen, one line.
    package let detail: String
    /// The log stream or file that they came from.
    package let source: String
    package private(set) var items: [Item]

    /// Takes the parts as they are.
    package init(reason: String, detail: String, source: String, items: [Item]) {
        self.reason = reason
        self.detail = detail
        self.source = source
        self.items = items
    }

    /// Takes the items of a letter with the same reason, detail and source.
    package mutating func append(_ other: DeadLetter) { items += other.items }

    /// An object in S3 that holds a letter too long for a message.
    package struct Place: Sendable, Equatable {
        package let bucket: String
        package let key: String
    }

    /// The message: `{"reason","detail","source","eventIds":[],"records":["...",...],"recordsBase64":[...]}`.
    ///
    /// With a place it has no records: they are in the object there, which holds the same without a place.
    package func body(in place: Place? = nil) -> String {
        var texts: [String] = []
        var others: [String] = []
        for item in place == nil ? items : [] where !item.bytes.isEmpty {
            if let text = Self.text(item.bytes) { texts.append(text) } else { others.append(Base64.encode(item.bytes)) }
        }
        var json = JSONText()
        json.object { json in
            for (name, value) in [("reason", reason), ("detail", detail), ("source", source)] {
                json.name(name)
                json.string(value)
            }
            for (name, values) in [("eventIds", eventIds), ("records", texts), ("recordsBase64", others)] {
                if name == "recordsBase64", values.isEmpty { continue }
                json.name(name)
                json.array { json in for value in values { json.string(value) } }
            }
            guard let place else { return }
            json.name("object")
            json.object { json in
                json.name("bucket")
                json.string(place.bucket)
                json.name("key")
                json.string(place.key)
            }
        }
        return json.text
    }

    private var eventIds: [String] { items.map(\.eventId).filter { !$0.isEmpty } }

    /// The bytes as text that SQS takes as it is; nil where they are none.
    ///
    /// SQS refuses what XML 1.0 has no place for (SQS API Reference, "SendMessage"): of what JSON does not escape, U+FFFE and U+FFFF.
    private static func text(_ bytes: [UInt8]) -> String? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        return text.unicodeScalars.contains { $0.value == 0xFFFE || $0.value == 0xFFFF } ? nil : text
    }

    /// The same records in as many letters as are needed to keep each body within `limit` bytes, where a single record does.
    package func split(limit: Int) -> [DeadLetter] {
        var letters: [DeadLetter] = []
        var size = 0
        for item in items {
            var letter = DeadLetter(reason: reason, detail: detail, source: source, items: [item])
            // The frame is counted with each record: a little too much rather than too little.
            let weight = letter.body().utf8.count
            if let last = letters.last, size + weight <= limit {
                letter = last
                letter.items.append(item)
                letters[letters.count - 1] = letter
                size += weight
            } else {
                letters.append(letter)
                size = weight
            }
        }
        return letters
    }
}
