import Testing

@testable import UsageCore

/// Results of OpenSearch's detectors beside our own anomalies.
@Suite struct PluginChannelTests {
    private static let start: Int64 = 1_767_571_200  // 2026-01-05T00:00:00Z
    private static let place = "111122223333/eu-west-1"

    private let catalog: UsageCatalog
    private let usage: Int
    private let interval: Int64

    init() throws {
        catalog = try UsageCatalog.builtIn()
        usage = try #require(catalog.usages.firstIndex { $0.name == "ec2-run-instances" })
        interval = catalog.usages[usage].detector.intervalSeconds
    }

    private func document(
        grade: String = "0.94",
        bucket: Int64 = 10,
        entity: String =
            #"{"name":"usage.name","value":"ec2-run-instances"},{"name":"usage.place","value":"\#(place)"}"#,
        more: String = ""
    ) throws -> JSONValue {
        let from = (Self.start + bucket * interval) * 1000
        return try JSONValue.parse(
            Array(
                #"""
                {"anomaly_grade":\#(grade),"data_start_time":\#(from),"data_end_time":\#(from + interval * 1000),"entity":[\#(entity)],
                "expected_values":[{"likelihood":1,"value_list":[{"feature_id":"f","data":2.5}]}]\#(more)}
                """#.utf8
            )
        )
    }

    /// Counts with `quantity` by others in some buckets.
    private func counts(_ quantity: Double, _ buckets: [Int64] = [10]) -> UsageCounts {
        var counts = UsageCounts()
        for (index, bucket) in buckets.enumerated() {
            counts.add(
                UsageCounts.Entry(
                    identity: Digest128(high: 1, low: UInt64(index)),
                    seconds: Self.start + bucket * interval + 7,
                    usage: usage,
                    account: AccountKey("111122223333"),
                    region: CallerHabits.hash("eu-west-1"),
                    quantity: quantity,
                    centsPerHour: 0,
                    kind: 0,
                    callers: .others
                ),
                catalog.usages[usage]
            )
        }
        return counts
    }

    private func anomalies(
        _ documents: [JSONValue],
        _ counts: UsageCounts,
        beside own: [EntityAnomaly] = []
    ) -> [EntityAnomaly] {
        PluginChannel.anomalies(documents.compactMap(PluginResult.init), beside: own, counts, catalog)
    }

    @Test func `a result becomes the anomaly of what is counted there, not of what it says`() throws {
        let found = anomalies([try document(), try document()], counts(40))
        let one = try #require(found.first)
        #expect(found.count == 1)
        #expect(one.channel == .opensearch && one.callers == .others && one.usage == usage)
        #expect(one.observed == 40 && one.expected == 2.5 && one.score == 0.94)
        #expect(one.start == Self.start + 10 * interval && one.end == one.start + interval)
    }

    @Test func `what the counts do not show, or not enough of, is no anomaly`() throws {
        #expect(anomalies([try document()], UsageCounts()).isEmpty)
        #expect(anomalies([try document()], counts(1)).isEmpty)
        #expect(anomalies([try document()], counts(40, [12])).isEmpty)
        let modest = try document(more: #","x":1"#)
        #expect(anomalies([modest], counts(4)).isEmpty)
    }

    @Test func `intervals in a row are one anomaly, and a late one begins when it began`() throws {
        let both = counts(40, [10, 11])
        let found = anomalies([try document(bucket: 11), try document(bucket: 10)], both)
        #expect(found.count == 1 && found.first?.observed == 80)
        let early = (Self.start + 10 * interval) * 1000
        let late = anomalies([try document(bucket: 11, more: #","approx_anomaly_start_time":\#(early)"#)], both)
        #expect(late.first?.start == Self.start + 10 * interval && late.first?.observed == 80)
        let endless = anomalies([try document(bucket: 11, more: #","approx_anomaly_start_time":0"#)], both)
        #expect(endless.first.map { $0.end - $0.start <= 13 * interval } == true)
    }

    @Test func `what our own detection has found is not found twice`() throws {
        let results = [try document()]
        var own = try #require(anomalies(results, counts(40)).first)
        #expect(anomalies(results, counts(40), beside: [own]).isEmpty)
        own.start -= 100 * interval
        own.end -= 100 * interval
        #expect(anomalies(results, counts(40), beside: [own]).count == 1)
    }

    @Test(arguments: [
        #"{"grade":1}"#, "[]", #"{"anomaly_grade":"1","data_start_time":1,"data_end_time":2}"#,
        #"{"anomaly_grade":1e400,"data_start_time":1,"data_end_time":2}"#,
        #"{"anomaly_grade":0.9,"data_start_time":-1e300,"data_end_time":1e300,"entity":[]}"#,
        #"{"anomaly_grade":0.9,"data_start_time":2,"data_end_time":1}"#,
    ]) func `what is no result is passed over`(text: String) throws {
        #expect(PluginResult(try JSONValue.parse(Array(text.utf8))) == nil)
    }

    @Test func `warm-up, small grades, historical runs and other entities are passed over`() throws {
        let ou = #"{"name":"account.ouPath","value":"Root/Prod"},{"name":"usage.name","value":"ec2-run-instances"}"#
        let bad = #"{"name":"usage.place","value":"a/b/c"},{"name":"usage.name","value":"ec2-run-instances"}"#
        for document in [
            try document(grade: "0.69"), try document(grade: "null"), try document(entity: ou),
            try document(entity: bad),
            try document(more: #","task_id":"t""#),
        ] {
            #expect(PluginResult(document) == nil)
        }
    }
}
