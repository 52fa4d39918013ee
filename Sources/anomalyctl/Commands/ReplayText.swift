import Pipeline
import UsageCore

/// What a replay tells people.
enum ReplayText {
    static func text(
        _ path: String,
        _ batch: RecordBatch,
        _ broken: DecodeFailure?,
        _ stored: (added: Int, repeated: Int)?
    ) -> String {
        var lines = ["\(path): \(batch.records.count) record\(batch.records.count == 1 ? "" : "s")"]
        for record in batch.records { lines.append("  " + line(record)) }
        for item in batch.setAsides {
            let size = item.bytes.isEmpty ? "" : ", \(item.bytes.count) bytes"
            lines.append("  set aside (\(item.reason)): \(item.detail)\(size)")
        }
        for kind in batch.passedOver { lines.append("  \(spoken(kind))") }
        if let broken { lines.append("  the rest cannot be read: \(broken)") }
        if let stored { lines.append("  stored \(stored.added) new, \(stored.repeated) were there already") }
        return lines.joined(separator: "\n")
    }

    /// The stored document on one line.
    static func document(_ record: StoredRecord) -> String {
        var body = record.body
        while let last = body.last, last != UInt8(ascii: "}") { body.removeLast() }
        body.removeLast()
        let isEmpty = !body.contains(UInt8(ascii: "\""))
        // Line breaks between tokens become spaces; inside strings JSON allows none.
        let line = (body + (isEmpty ? [] : [UInt8(ascii: ",")]) + record.members + [UInt8(ascii: "}")])
            .map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
        return String(decoding: line, as: UTF8.self)
    }

    private static func line(_ record: StoredRecord) -> String {
        var text = "\(EventTime.text(record.time)) \(Hostile.shown(record.account, limit: 20))"
        let tree = try? JSONValue.parse([UInt8(ascii: "{")] + record.members + [UInt8(ascii: "}")])
        if let alias = tree?["account"]?["alias"]?.string { text += " (\(Hostile.shown(alias, limit: 60)))" }
        if tree?["account"]?["contextMissing"]?.bool == true { text += " (no context)" }
        text +=
            " \(Hostile.shown(record.region, limit: 30)) \(Hostile.shown(record.eventSource, limit: 60)) \(Hostile.shown(record.eventName, limit: 60))"
        if let usage = record.usage, let quantity = tree?["usage"]?["quantity"]?.number,
            let unit = tree?["usage"]?["unit"]?.string
        {
            text += ": \(usage), \(Decimal.text(quantity, decimals: 2)) \(unit)"
        } else {
            text += ": not watched"
        }
        if tree?["self"]?.bool == true { text += ", by this solution itself: not counted" }
        return text
    }

    private static func spoken(_ kind: DocumentKind) -> String {
        switch kind {
        case .controlMessage: "a control message of CloudWatch Logs: nothing to do"
        case .emptyBatch: "an empty batch: nothing to do"
        case .other: "holds no CloudTrail records"
        }
    }
}
