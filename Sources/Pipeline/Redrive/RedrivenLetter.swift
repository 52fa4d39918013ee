import UsageCore

/// What became of one dead letter.
package struct RedrivenLetter: Sendable, Equatable {
    package enum Outcome: Sendable, Equatable {
        /// All its records are stored now, `duplicates` of them before; the letter is deleted.
        case putBack(duplicates: Int)
        /// The letter stays in the queue, for this reason.
        case kept(String)
        /// Nothing was tried.
        case seen
    }

    /// Why it was set aside, and what was seen then.
    package let reason: String
    package let detail: String
    /// Where its records came from.
    package let source: String
    package let records: Int
    package let outcome: Outcome

    /// One line for a person; record text in it is made harmless.
    package var text: String {
        let what =
            "\(Counted.text(records, "records")) from \(Hostile.shown(source, limit: 200)), set aside as "
            + "\(Hostile.shown(reason, limit: 80))"
        return switch outcome {
        case .putBack(0): "put back: \(what)"
        case .putBack(let duplicates): "put back: \(what); \(duplicates) of them were stored already"
        case .kept(let why): "kept: \(what): \(Hostile.shown(why, limit: 400))"
        case .seen: "\(what): \(Hostile.shown(detail, limit: 300))"
        }
    }

    /// The same as a JSON object.
    package var json: String {
        var json = JSONText()
        json.object { json in
            json.name("outcome")
            switch outcome {
            case .putBack: json.string("putBack")
            case .kept: json.string("kept")
            case .seen: json.string("seen")
            }
            for (name, value) in [("reason", reason), ("detail", detail), ("source", source)] {
                json.name(name)
                json.string(value)
            }
            json.name("records")
            json.integer(records)
            switch outcome {
            case .putBack(let duplicates):
                json.name("duplicates")
                json.integer(duplicates)
            case .kept(let why):
                json.name("why")
                json.string(why)
            case .seen: break
            }
        }
        return json.text
    }
}
