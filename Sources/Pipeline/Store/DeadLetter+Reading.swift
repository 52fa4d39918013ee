import UsageCore

extension DeadLetter {
    /// Reads a message, or the object that one names; nil for what is no dead letter.
    ///
    /// - Parameter body: What `body(in:)` writes.
    package init?(body: [UInt8]) {
        guard let json = try? JSONValue.parse(body), let reason = json["reason"]?.string,
            let source = json["source"]?.string, let texts = json["records"]?.array
        else { return nil }
        var items: [Item] = []
        for text in texts {
            guard let text = text.string else { return nil }
            items.append(Item(eventId: "", bytes: Array(text.utf8)))
        }
        for packed in json["recordsBase64"]?.array ?? [] {
            guard let text = packed.string,
                let bytes = try? Array(text.utf8).withUnsafeBufferPointer({ try Base64.decode($0) })
            else { return nil }
            items.append(Item(eventId: "", bytes: bytes))
        }
        self.init(reason: reason, detail: json["detail"]?.string ?? "", source: source, items: items)
    }

    /// The object that a message names instead of its records; nil where it has them itself.
    package static func place(in body: [UInt8]) -> Place? {
        guard let object = (try? JSONValue.parse(body))?["object"], let bucket = object["bucket"]?.string,
            let key = object["key"]?.string, !bucket.isEmpty, !key.isEmpty
        else { return nil }
        return Place(bucket: bucket, key: key)
    }
}
