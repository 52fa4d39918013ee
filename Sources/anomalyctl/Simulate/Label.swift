/// What was planted, as `labels.json` tells it: the truth a detector is measured by.
struct Label: Sendable {
    let id: String
    let kind: String
    let benign: Bool
    let usages: [String]
    let unit: String
    let cause: String
    let principal: String
    let story: String
    /// What was drawn and what of it happened, filled in by the run.
    var trace = Recorder.Trace()

    /// List price in USD a day of the instances in the trace; nil where a type has no price here.
    var perDayUSD: Double? {
        guard !trace.types.isEmpty else { return nil }
        var sum = 0.0
        for (key, count) in trace.types.sorted(by: { ($0.key.type, $0.key.region) < ($1.key.type, $1.key.region) }) {
            guard let hourly = Self.hourlyUSD[key.type] else { return nil }
            sum += Double(count) * hourly * (Self.factors[Place.regions[key.region]] ?? 1) * 24
        }
        return sum
    }

    /// AWS Price List, us-east-1, Linux, shared tenancy, on demand, as of 2026-07-20.
    private static let hourlyUSD = [
        "g4dn.12xlarge": 3.912, "g5.12xlarge": 5.672, "g5.48xlarge": 16.288, "p3.2xlarge": 3.06, "p3.8xlarge": 12.24,
        "p4d.24xlarge": 21.957642, "m5.2xlarge": 0.384, "c5.xlarge": 0.17, "m6i.xlarge": 0.192,
    ]
    /// Price in the Region over price in us-east-1, median over types: an estimate.
    private static let factors = [
        "eu-west-1": 1.116, "eu-central-1": 1.198, "ap-southeast-1": 1.214, "ap-northeast-1": 1.273,
        "ap-south-1": 0.992,
        "ap-southeast-2": 1.259, "ca-central-1": 1.103, "eu-north-1": 1.063, "eu-west-3": 1.174, "sa-east-1": 1.594,
        "ap-northeast-2": 1.206, "eu-south-1": 1.175,
    ]

    func write(to text: inout RecordText, accounts: [AccountPlan]) {
        text.raw(#"{"id":"\#(id)","kind":"\#(kind)","benign":\#(benign),"accounts":["#)
        list(trace.accounts.sorted().compactMap { accounts.indices.contains($0) ? accounts[$0].id : nil }, &text)
        text.raw(#"],"regions":["#)
        list(trace.regions.sorted().map { Place.regions[$0] }, &text)
        text.raw(#"],"usages":["#)
        list(usages, &text)
        text.raw(#"],"start":""#)
        text.time(trace.first)
        text.raw(#"","end":""#)
        text.time(trace.last)
        text.raw(#"","quantity":\#(trace.quantity),"unit":"\#(unit)","principal":"#)
        text.quoted(principal)
        text.raw(#","cause":"\#(cause)","story":"#)
        text.quoted(story)
        var types: [String: Int] = [:]
        for (key, count) in trace.types { types[key.type, default: 0] += count }
        text.raw(#","instanceTypes":{"#)
        for (index, type) in types.sorted(by: { $0.key < $1.key }).enumerated() {
            text.raw((index > 0 ? "," : "") + "\"\(type.key)\":\(type.value)")
        }
        text.raw("}")
        if let perDayUSD {
            text.raw(#","perDayUSDAtListPrice":"#)
            text.number(Int(perDayUSD.rounded()))
        }
        text.raw(#","eventIds":["#)
        for (index, id) in trace.eventIDs.enumerated() {
            text.raw(index > 0 ? ",\"" : "\"")
            text.identifier(id)
            text.raw("\"")
        }
        text.raw("]}")
    }

    private func list(_ names: [String], _ text: inout RecordText) {
        for (index, name) in names.enumerated() {
            if index > 0 { text.raw(",") }
            text.quoted(name)
        }
    }
}
