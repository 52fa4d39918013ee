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
        var lines = ["\(Hostile.path(path)): \(Counted.text(batch.records.count, "records"))"]
        for record in batch.records { lines.append("  " + line(record)) }
        for item in batch.setAsides {
            let size = item.bytes.isEmpty ? "" : ", " + Counted.text(item.bytes.count, "bytes")
            lines.append("  set aside (\(item.reason)): \(item.detail)\(size)")
        }
        let repeated = batch.setAsideCount - batch.setAsides.count
        if repeated > 0 {
            lines.append("  and \(Decimal.grouped(Double(repeated))) more set aside like the one before")
        }
        for kind in batch.passedOver { lines.append("  \(spoken(kind))") }
        let more = batch.passedOverCount - batch.passedOver.count
        if more > 0 { lines.append("  and \(Counted.text(more, "documents")) more without records") }
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
        if !record.region.isEmpty { text += " " + Hostile.shown(record.region, limit: 30) }
        text += " " + call(record)
        if let usage = record.usage, let quantity = tree?["usage"]?["quantity"]?.number,
            let unit = tree?["usage"]?["unit"]?.string
        {
            text += ": \(usage), \(Counted.text(quantity, unit, decimals: 2))"
        } else {
            text += ": not watched"
        }
        if tree?["self"]?.bool == true { text += ", by this solution itself: not counted" }
        return text
    }

    /// Source and name of the event; those that an Insights record is about.
    private static func call(_ record: StoredRecord) -> String {
        func words(_ texts: String?...) -> String {
            texts.compactMap { $0 }.filter { !$0.isEmpty }.map { Hostile.shown($0, limit: 60) }.joined(separator: " ")
        }
        let own = words(record.eventSource, record.eventName)
        guard own.isEmpty else { return own }
        let details = (try? JSONValue.parse(record.body))?["insightDetails"]
        let about = words(details?["eventSource"]?.string, details?["eventName"]?.string)
        guard !about.isEmpty else { return "an event without a source or name" }
        let state = words(details?["insightType"]?.string, details?["state"]?.string)
        return "insight about \(about)" + (state.isEmpty ? "" : " (\(state))")
    }

    private static func spoken(_ kind: DocumentKind) -> String {
        switch kind {
        case .controlMessage: "a control message of CloudWatch Logs: nothing to do"
        case .emptyBatch: "an empty batch: nothing to do"
        case .other: "holds no CloudTrail records"
        }
    }
}
