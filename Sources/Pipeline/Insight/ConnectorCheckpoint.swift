import AWSAccess
import UsageCore

/// How far the connector has come: everything that changed before `through` is in the index.
struct ConnectorCheckpoint: Equatable {
    /// Seconds since 1970.
    var through: Int64 = 0
    /// What changed at or after `through` and is in the index all the same: digests by incident.
    var put: [String: String] = [:]
    /// When what is too old was last removed, seconds since 1970.
    var sweptAt: Int64 = 0

    /// Entries kept in `put`, so that an item of the state table (400 KB) holds them; what is forgotten is put again.
    private static let mostPut = 4000

    init() {}

    /// Reads `json`; nil where it is none of ours.
    init?(_ text: [UInt8]) {
        guard let tree = AWSAccess.JSONValue(text),
            let through = tree["through"]?.string.flatMap({ EventTime.parse($0) }),
            let sweptAt = tree["sweptAt"]?.string.flatMap({ EventTime.parse($0) }),
            case .object(let members)? = tree["put"]
        else { return nil }
        self.through = through
        self.sweptAt = sweptAt
        put = members.reduce(into: [:]) { $0[$1.name] = $1.value.string }
    }

    /// One JSON object.
    var json: String {
        let kept = put.sorted { $0.key < $1.key }.prefix(Self.mostPut)
        let tree: AWSAccess.JSONValue = [
            "checkpoint": "connector", "through": .string(EventTime.text(through)),
            "sweptAt": .string(EventTime.text(sweptAt)),
            "put": .sorted(Dictionary(uniqueKeysWithValues: kept.map { ($0.key, .string($0.value)) })),
        ]
        return String(decoding: tree.bytes, as: UTF8.self)
    }
}
