import AWSAccess
import UsageCore

/// Where stored documents have the traits of a record, and how OpenSearch sums quantities by them.
enum SearchTraits {
    private typealias JSON = AWSAccess.JSONValue

    /// Values of a trait that are told apart where all of them matter.
    static let manyValues = 10_000
    /// The same where only the leading ones do.
    static let someValues = 1000

    /// The field that holds `trait`.
    static func field(_ trait: Trait) -> String {
        switch trait {
        case .accessKey: "userIdentity.accessKeyId"
        case .address: "sourceIPAddress"
        default: "usage.\(trait.rawValue)"
        }
    }

    /// Quantities by the values of `trait`, the most frequent ones first.
    static func terms(_ trait: Trait, of values: Int) -> AWSAccess.JSONValue {
        [
            "terms": ["field": .string(field(trait)), "size": .integer(values)],
            "aggs": ["quantity": ["sum": ["field": "usage.quantity"]]],
        ]
    }

    /// What `terms` found.
    static func shares(_ terms: AWSAccess.JSONValue?) -> [(value: String, share: WindowEvidence.Share)] {
        (terms?["buckets"]?.array ?? []).compactMap { bucket in
            guard let value = bucket["key"]?.string, let quantity = bucket["quantity"]?["value"]?.double else {
                return nil
            }
            return (value, WindowEvidence.Share(quantity: quantity, records: bucket["doc_count"]?.int ?? 0))
        }
    }
}
