// Compiled together with the sources of UsageCore by scripts/fuzz.

extension ReferenceJSON.Value {
    fileprivate var elements: [ReferenceJSON.Value]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The only status that an item of a bulk reply says, from 1 to 999.
    fileprivate var status: Int? {
        guard case .object(let actions) = self else { return nil }
        var statuses: [ReferenceJSON.Value] = []
        for action in actions {
            guard let some = action.value.all("status") else { return nil }
            statuses += some
        }
        guard statuses.count == 1, case .number(let digits) = statuses[0], digits.count <= 3,
            let status = Int(String(decoding: digits, as: UTF8.self)), status > 0
        else { return nil }
        return status
    }
}

/// Reads the input as a bulk reply: nothing may count as stored that the reply does not say, item by item.
///
/// The first byte says how many records were sent.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzBulkReply(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 1 else { return 0 }
    let sent = Int(start[0])
    let reply = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
    let outcomes = BulkReply.outcomes(reply, count: sent)
    // The reader compares names as they are written; that the reference reads escapes is no finding.
    if reply.contains(UInt8(ascii: "\\")) { return 0 }
    let tree = ReferenceJSON.read(reply, deepest: .max)
    guard let outcomes else {
        // Levels are limited in the reader.
        guard let tree, ReferenceJSON.read(reply, deepest: 100) != nil,
            let lists = tree.all("items"), lists.count == 1, let items = lists[0].elements
        else { return 0 }
        precondition(items.count != sent || items.contains { $0.status == nil }, "a whole reply is refused")
        return 0
    }
    precondition(outcomes.count == sent, "outcomes are missing")
    guard let items = tree?.all("items")?.first?.elements else {
        preconditionFailure("what is no bulk reply is taken for one")
    }
    precondition(items.count == sent, "outcomes are made up")
    for (item, outcome) in zip(items, outcomes) {
        guard let status = item.status else { preconditionFailure("an item without a status has an outcome") }
        precondition((outcome == .stored) == (status == 200 || status == 201), "stored is told wrong")
        if outcome == .duplicate { precondition(status == 409, "a duplicate is made up") }
        if case .tryAgain(let text) = outcome {
            precondition(!text.utf8.contains { $0 < 0x20 }, "a reason breaks a line")
        }
    }
    return 0
}
