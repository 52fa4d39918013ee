import AWSAccess
import Testing

@testable import Pipeline

@Suite struct DomainCheckTests {
    private static func answer(_ status: Int, _ json: String) -> DomainClient.Reply {
        DomainClient.Reply(status: status, json: AWSAccess.JSONValue(Array(json.utf8)), operation: "GET /")
    }

    private let healthy = DomainCheck.Answers(
        version: "2.19.4",
        health: answer(200, #"{"status":"green","number_of_data_nodes":3,"unassigned_shards":0}"#),
        template: answer(200, "{}"),
        blocks: answer(200, "{}")
    )

    @Test func `a green domain with its template is well`() {
        let finding = DomainCheck.judge(healthy)
        #expect(finding.state == .ok && finding.observed == "OpenSearch 2.19.4, green, 3 data nodes")
    }

    @Test(
        "what is wrong with a domain is said",
        arguments: [
            Fault<DomainCheck.Answers>(
                { $0.health = answer(200, #"{"status":"red","number_of_data_nodes":3,"unassigned_shards":2}"#) },
                .broken,
                "2 shards unassigned"
            ),
            Fault<DomainCheck.Answers>(
                { $0.health = answer(200, #"{"status":"yellow","number_of_data_nodes":2,"unassigned_shards":1}"#) },
                .warning,
                "one copy only"
            ),
            Fault<DomainCheck.Answers>(
                { $0.health = answer(403, #"{"Message":"not authorized"}"#) },
                .unknown,
                "HTTP 403 (not authorized)"
            ),
            Fault<DomainCheck.Answers>({ $0.health = answer(200, "[]") }, .unknown, "an answer that cannot be read"),
            Fault<DomainCheck.Answers>(
                { $0.template = answer(404, #"{"error":{"reason":"none"}}"#) },
                .broken,
                "usage-records is missing"
            ),
            Fault<DomainCheck.Answers>(
                {
                    $0.blocks = answer(
                        200,
                        #"{"usage-a":{"settings":{"index.blocks.read_only_allow_delete":"true"}},"usage-b":{"settings":{"index.blocks.metadata":"true"}}}"#
                    )
                },
                .broken,
                "1 index cannot be written, usage-a first"
            ),
        ]
    )
    func faults(fault: Fault<DomainCheck.Answers>) {
        var answers = healthy
        fault.change(&answers)
        let finding = DomainCheck.judge(answers)
        #expect(finding.state == fault.state && finding.problems.count == 1, "\(finding)")
        #expect(finding.problems.first?.what.contains(fault.what) == true, "\(finding)")
    }

    @Test func `one node has no place for second copies`() {
        var answers = healthy
        answers.health = Self.answer(200, #"{"status":"yellow","number_of_data_nodes":1,"unassigned_shards":9}"#)
        #expect(DomainCheck.judge(answers).state == .ok)
    }

    @Test func `silence is a fault, but for a domain that only its VPC can reach`() throws {
        let failure = ServiceFailure(
            service: "OpenSearch",
            operation: "GET /",
            tries: 1,
            cause: .noAnswer(.localResource(subject: "s", detail: "d"))
        )
        let open = try #require(Endpoint("https://search-u.eu-west-1.es.amazonaws.com"))
        #expect(DomainCheck.silent(failure, open).state == .broken)
        let inside = try #require(Endpoint("https://vpc-u.eu-west-1.es.amazonaws.com"))
        #expect(DomainCheck.silent(failure, inside).state == .unknown)
        let collection = try #require(Endpoint("https://u.eu-west-1.aoss.amazonaws.com"))
        #expect(DomainCheck.isServerless(collection) && !DomainCheck.isServerless(open))
    }
}

@Suite struct DetectorsCheckTests {
    private typealias Part = DetectorsCheck.Part
    private let wanted = ["usage-place-10m", "usage-type-10m"]
    private let healthy = DetectorsCheck.Answers(
        detectors: [.init(name: "usage-place-10m", state: "RUNNING"), .init(name: "usage-type-10m", state: "INIT")],
        monitors: [.init(name: "usage-place-10m", state: "RUNNING")],
        hasChannel: true
    )

    @Test func `detectors that run or begin are well`() {
        let finding = DetectorsCheck.judge(healthy, wanted: wanted)
        #expect(finding.state == .ok && finding.observed == "2 of 2 detectors run, 1 monitor")
    }

    @Test(
        "what does not run is named",
        arguments: [
            Fault<DetectorsCheck.Answers>(
                { $0.detectors = [] },
                .broken,
                "2 detectors missing: usage-place-10m, usage-type-10m"
            ),
            Fault<DetectorsCheck.Answers>(
                { $0.detectors?[0] = .init(name: "usage-place-10m", state: "") },
                .broken,
                "usage-place-10m was never started"
            ),
            Fault<DetectorsCheck.Answers>(
                { $0.detectors?[0] = .init(name: "usage-place-10m", state: "DISABLED") },
                .broken,
                "usage-place-10m is DISABLED"
            ),
            Fault<DetectorsCheck.Answers>({ $0.detectors?[0].error = "no data" }, .warning, "usage-place-10m: no data"),
            Fault<DetectorsCheck.Answers>({ $0.monitors = [] }, .warning, "no monitor"),
            Fault<DetectorsCheck.Answers>(
                { $0.monitors = [.init(name: "usage-m", state: "DISABLED")] },
                .warning,
                "usage-m is off"
            ),
            Fault<DetectorsCheck.Answers>({ $0.hasChannel = false }, .warning, "usage-anomalies"),
            Fault<DetectorsCheck.Answers>(
                {
                    $0.detectors = nil
                    $0.problems = [.init(.unknown, "the detectors: HTTP 403", fix: "f")]
                },
                .unknown,
                "HTTP 403"
            ),
        ]
    )
    func faults(fault: Fault<DetectorsCheck.Answers>) {
        var answers = healthy
        fault.change(&answers)
        let finding = DetectorsCheck.judge(answers, wanted: wanted)
        #expect(finding.state == fault.state && finding.problems.count == 1, "\(finding)")
        #expect(finding.problems.first?.what.contains(fault.what) == true, "\(finding)")
    }

    @Test func `a domain without the plugin has no detectors to lack`() {
        #expect(DetectorsCheck.judge(.init(), wanted: wanted).state == .off)
    }
}
