/// One watched API usage: what counts as it, how much, what it costs and what to say about it.
///
/// One entry of the usage catalog.
package struct Usage: Equatable, Sendable {
    /// Service and action, as in `ec2-run-instances`.
    package let name: String
    /// For people: `EC2 RunInstances`.
    package let title: String
    /// CloudTrail's `eventSource` values.
    package let eventSources: [String]
    /// CloudTrail's `eventName` values; one that ends in `*` is a prefix (Lambda's management names carry an API date).
    package let eventNames: [String]
    package let outcome: Outcome
    /// With `outcome` failure: the codes that count; empty for all.
    package let errorCodes: [String]
    /// What is counted: `instances`, `volumes`, `invocations`.
    package let unit: String
    /// Where the quantity stands: the first source that yields one is taken.
    package let quantity: [QuantitySource]
    /// Typed fields lifted from the record: the first path that yields values is taken.
    package let attributes: [Attribute]
    /// What makes a first use by an account a finding of its own.
    package let novelty: [Novelty]
    /// The identities of what was started, and the calls that end it.
    package let resources: Resources?
    /// Whether each call is told by itself, at once, whatever the past: what nobody does in passing, as stopping a trail.
    ///
    /// No detector looks at it, and nothing else is told together with it.
    package let isToldEachTime: Bool
    /// Whether single records enter the state table; else counters.
    package let isLowVolume: Bool
    package let detector: DetectorPlan
    /// Counts at which a usage without a price is low, medium, high; by account type, `default` for the rest.
    package let severity: [String: Thresholds]
    package let cost: CostModel
    /// Ids of causes that can explain it.
    package let causes: [String]
    package let recommendations: [Recommendation]
    package let references: [String]

    package enum Outcome: String, CaseIterable, Sendable { case success, failure, any }

    package enum Novelty: String, CaseIterable, Sendable { case region, family, api, model }

    /// One way to read the quantity.
    package enum QuantitySource: Equatable, Sendable {
        case constant(Double)
        /// The number of values at the path.
        case count(ValuePath)
        /// Their sum; plain decimal numbers in quotes count as numbers.
        case sum(ValuePath)
    }

    package struct Attribute: Equatable, Sendable {
        package let name: String
        package let paths: [ValuePath]
    }

    package struct Resources: Equatable, Sendable {
        package let ids: ValuePath
        package let endedBy: [End]

        package struct End: Equatable, Sendable {
            package let eventNames: [String]
            package let ids: ValuePath
        }
    }

    package struct DetectorPlan: Equatable, Sendable {
        /// Seconds a bucket of the series covers.
        package let intervalSeconds: Int64
        /// Seconds to wait for late records before a bucket counts as whole.
        package let delaySeconds: Int64
        /// Buckets that OpenSearch's detector looks at together.
        package let shingle: Int
    }

    package struct Thresholds: Equatable, Sendable {
        package let low: Double
        package let medium: Double
        package let high: Double
    }

    package enum CostModel: Equatable, Sendable {
        case ec2Instances
        case ebsVolumes
        case lambdaRequests
        /// No price is known; the text says why.
        case none(why: String)
    }

    /// What to do: shown where its cause and account type, if it names them, are those of the incident.
    package struct Recommendation: Equatable, Sendable {
        package let cause: String?
        package let accountType: String?
        package let text: String
    }

    /// The thresholds for accounts of `type`.
    package func thresholds(accountType type: String?) -> Thresholds {
        type.flatMap { severity[$0] } ?? severity["default"] ?? Thresholds(low: 5, medium: 10, high: 20)
    }
}
