/// Why bytes could not be read as CloudTrail records.
package enum DecodeFailure: Error, Equatable, Sendable {
    case unreadable(reason: String)
    case outOfMemory
    case damagedGzip(at: Int)
    case truncatedGzip(after: Int)
    case inflatesBeyond(cap: Int)
    case notBase64(at: Int)
    case notJSON(at: Int)
    case cutShort
    case missingComma
    case strayComma
    case notUTF8(at: Int)
    case tooDeep
    case wrappedTooOften
    case tooLarge(limit: Int)
    case noEventTime(String)
    case repeatedName(String)
    case reservedName(String)
    case namesAnObject(String)
    case notARecord

    /// A short stable name, for counting and for the reason of a dead letter.
    package var name: String {
        switch self {
        case .unreadable: "unreadable"
        case .outOfMemory: "out-of-memory"
        case .damagedGzip: "damaged-gzip"
        case .truncatedGzip: "truncated-gzip"
        case .inflatesBeyond: "inflates-too-far"
        case .notBase64: "not-base64"
        case .notJSON: "not-json"
        case .cutShort: "cut-short"
        case .missingComma: "missing-comma"
        case .strayComma: "stray-comma"
        case .notUTF8: "not-utf8"
        case .tooDeep: "nested-too-deep"
        case .wrappedTooOften: "wrapped-too-often"
        case .tooLarge: "too-large"
        case .noEventTime: "no-event-time"
        case .repeatedName: "repeated-name"
        case .reservedName: "reserved-name"
        case .namesAnObject: "names-an-object"
        case .notARecord: "not-a-record"
        }
    }
}

extension DecodeFailure: CustomStringConvertible {
    /// What happened, in one line.
    package var description: String {
        switch self {
        case .unreadable(let reason): "cannot be read (\(reason))"
        case .outOfMemory: "zlib has no memory left"
        case .damagedGzip(let place): "the gzip data is damaged at byte \(place)"
        case .truncatedGzip(let count): "the gzip data ends early, after \(Counted.text(count, "bytes"))"
        case .inflatesBeyond(let cap): "the payload inflates to more than \(cap >> 20) MiB"
        case .notBase64(let place): "the payload is not base64 at character \(place)"
        case .notJSON(let place): "not JSON at byte \(place)"
        case .cutShort: "the JSON ends in the middle"
        case .missingComma: "not JSON: a comma is missing between two records, which are read all the same"
        case .strayComma: "not JSON: a comma stands where no record follows or went before"
        case .notUTF8(let place): "a string is not UTF-8 at byte \(place)"
        case .tooDeep: "nested deeper than \(JSONScanner.deepest) levels"
        case .wrappedTooOften: "wrapped in more than \(Envelope.deepest) envelopes"
        case .tooLarge(let limit): "a single record or document is larger than \(limit >> 20) MiB"
        case .noEventTime(let text): "eventTime is not an RFC 3339 time (\(Hostile.shown(text, limit: 60)))"
        case .repeatedName(let name): "the name \(Hostile.shown(name, limit: 60)) stands twice at the top level"
        case .reservedName(let name): "the name \(Hostile.shown(name, limit: 60)) is reserved for context"
        case .namesAnObject(let object):
            "names \(Hostile.shown(object, limit: 200)), which is read with S3 access; give the trail file itself"
        case .notARecord: "not a CloudTrail record"
        }
    }
}
