import AWSAccess
import UsageCore

/// An answer of `_search`: a small tree, and beside it the documents as they are stored.
///
/// Documents are other people's records, of any size and depth, so they never become part of the tree: there `null` stands for them.
struct SearchReply {
    /// A document and where in the answer it stood, as in `aggregations`, `alarms`, `samples`, `hits`, `hits`.
    struct Hit {
        let path: [String]
        let source: [UInt8]
    }

    let tree: AWSAccess.JSONValue
    let hits: [Hit]

    /// Reads an answer; nil where it is not JSON.
    init?(_ body: [UInt8]) {
        let walk = body.withUnsafeBufferPointer { bytes -> Walk? in
            var scanner = JSONScanner(bytes)
            var walk = Walk(bytes)
            guard walk.value(&scanner) else { return nil }
            walk.finish()
            return walk
        }
        guard let walk, let tree = AWSAccess.JSONValue(walk.skeleton) else { return nil }
        self.tree = tree
        hits = walk.hits
    }

    /// The documents that were found, in their order, each with what the answer says of it.
    var documents: [(about: AWSAccess.JSONValue, source: [UInt8])] {
        let found = hits.filter { $0.path == ["hits", "hits"] }
        return zip(tree["hits"]?["hits"]?.array ?? [], found).map { ($0, $1.source) }
    }

    /// How many documents there are in all, where the answer counts them.
    var total: Int { tree["hits"]?["total"]?["value"]?.int ?? 0 }

    subscript(aggregation name: String) -> AWSAccess.JSONValue? { tree["aggregations"]?[name] }
}

/// Walks an answer and takes the documents out of it.
private struct Walk {
    let bytes: UnsafeBufferPointer<UInt8>
    /// The answer without documents.
    var skeleton: [UInt8] = []
    var hits: [SearchReply.Hit] = []
    private var path: [String] = []
    private var copied = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func value(_ scanner: inout JSONScanner) -> Bool {
        // Aggregations are a few levels deep; an answer that is not is none of OpenSearch's.
        guard path.count < 64 else { return false }
        switch scanner.peek() {
        case UInt8(ascii: "{"):
            return scanner.eachMember { scanner, name in
                if scanner.matches(name, "_source") {
                    var range = ByteRange.none
                    guard scanner.value(into: &range) else { return false }
                    skeleton += bytes[copied..<range.start]
                    skeleton += "null".utf8
                    copied = range.end
                    hits.append(.init(path: path, source: Array(bytes[range.start..<range.end])))
                    return true
                }
                path.append(String(decoding: bytes[name.start..<name.end], as: UTF8.self))
                defer { path.removeLast() }
                return value(&scanner)
            }
        case UInt8(ascii: "["): return scanner.eachElement { value(&$0) }
        default: return scanner.skipValue()
        }
    }

    mutating func finish() { skeleton += bytes[copied...] }
}
