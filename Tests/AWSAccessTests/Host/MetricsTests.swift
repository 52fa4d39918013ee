import AWSAccess
import Testing

@Suite("Metrics")
struct MetricsTests {
    private let time = WallTime(milliseconds: 1_767_323_045_678)

    private func values(_ metrics: Metrics) -> [JSONValue] { metrics.lines(at: time).compactMap { JSONValue($0) } }

    @Test func `a line has the form that CloudWatch reads`() {
        var metrics = Metrics(namespace: "UsageAnomalies", dimensions: ["Function": "f\"1"])
        metrics.add("Indexed", 3, .count)
        metrics.add("Latency", 1.5, .milliseconds)
        metrics.add("Latency", 2, .milliseconds)
        let lines = metrics.lines(at: time, requestId: "r").map { String(decoding: $0, as: UTF8.self) }
        #expect(
            lines == [
                #"{"_aws":{"Timestamp":1767323045678,"CloudWatchMetrics":[{"Namespace":"UsageAnomalies","#
                    + #""Dimensions":[["Function"]],"Metrics":[{"Name":"Indexed","Unit":"Count"},"#
                    + #"{"Name":"Latency","Unit":"Milliseconds"}]}]},"Function":"f\"1","Indexed":3.0,"Latency":[1.5,2.0],"#
                    + #""requestId":"r"}"#
            ]
        )
    }

    @Test func `no values make no line`() {
        #expect(Metrics(namespace: "n", dimensions: ["a": "b"]).lines(at: time).isEmpty)
    }

    @Test func `what CloudWatch would refuse is left out`() {
        var metrics = Metrics(namespace: "n", dimensions: ["Empty": "", "Function": "f"])
        for value in [Double.nan, .infinity, -.infinity, 0x1p361] { metrics.add("Bad", value, .none) }
        for name in ["", "Function", "_aws", "requestId"] { metrics.add(name, 1, .count) }
        #expect(values(metrics).isEmpty)
        metrics.add("Good", 1, .count)
        #expect(values(metrics).first?["Empty"] == nil)
        #expect(values(metrics).first?["Function"]?.string == "f")
        var many = Metrics(
            namespace: "n",
            dimensions: [
                "1": "v", "2": "v", "3": "v", "4": "v", "5": "v", "6": "v", "7": "v", "8": "v", "9": "v", "10": "v",
                "11": "v", "12": "v", "13": "v", "14": "v", "15": "v", "16": "v", "17": "v", "18": "v", "19": "v",
                "20": "v", "21": "v", "22": "v", "23": "v", "24": "v", "25": "v", "26": "v", "27": "v", "28": "v",
                "29": "v", "30": "v", "31": "v",
            ]
        )
        many.add("Good", 1, .count)
        let directive = values(many).first?["_aws"]?["CloudWatchMetrics"]?.array?.first
        #expect(directive?["Dimensions"]?.array?.first?.array?.count == 30)
        var long = Metrics(namespace: "n", dimensions: ["D": String(repeating: "é", count: 2000)])
        long.add("Good", 1, .count)
        #expect(values(long).first?["D"]?.string?.count == 1024)
    }

    @Test func `more than a line may hold goes into several and every value is there once`() {
        var metrics = Metrics(namespace: "n", dimensions: [:])
        for metric in 0..<250 {
            for value in 0..<(metric == 7 ? 230 : 1) { metrics.add("m\(metric)", Double(value), .none) }
        }
        var found: [String: [Double]] = [:]
        let lines = values(metrics)
        for line in lines {
            let declared = line["_aws"]?["CloudWatchMetrics"]?.array?.first?["Metrics"]?.array ?? []
            #expect(declared.count <= 100 && !declared.isEmpty)
            for name in declared.compactMap({ $0["Name"]?.string }) {
                let numbers = line[name]?.array?.compactMap(\.double) ?? line[name]?.double.map { [$0] } ?? []
                #expect((1...100).contains(numbers.count))
                found[name, default: []] += numbers
            }
        }
        #expect(lines.count == 5)
        #expect(found.count == 250)
        #expect(found["m7"] == (0..<230).map(Double.init))
        #expect(found.filter { $0.key != "m7" }.allSatisfy { $0.value == [0] })
    }
}
