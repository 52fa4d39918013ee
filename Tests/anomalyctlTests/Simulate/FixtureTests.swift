import Glibc
import TestSupport
import Testing

@testable import anomalyctl

/// What lies in Events and in Tests/Fixtures/by-hand is what its names say.
@Suite struct FixtureTests {
    private func read(_ path: String) throws -> [UInt8] {
        let file = open(SharedData.packageRoot + "/" + path, O_RDONLY)
        try #require(file >= 0, "\(path)")
        defer { close(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(file, &piece, piece.count)
            if count <= 0 { return bytes }
            bytes.append(contentsOf: piece[..<count])
        }
    }

    private func names(in folder: String) throws -> [String] {
        let handle = try #require(opendir(SharedData.packageRoot + "/" + folder))
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    @Test func `there is an event of every shape that arrives`() throws {
        #expect(
            try names(in: "Events") == [
                "early-signal.json", "empty.json", "eventbridge-run-instances.json", "insight-record.json",
                "kinesis-two-shards.json",
                "logs-control-message.json", "logs-one-account.json", "logs-truncated.json",
                "record-duplicate-key.json",
                "record-hostile-text.json", "record-no-context.json", "records-newline-delimited.jsonl",
                "s3-trail-file.json",
                "schedule.json", "sns-opensearch-alert.json", "sqs-eventbridge-object-created.json",
                "sqs-s3-notification.json",
            ]
        )
    }

    @Test func `the control characters of the hostile record are escaped in its file`() throws {
        let bytes = try read("Events/record-hostile-text.json")
        #expect(!bytes.contains { $0 < 0x20 && $0 != 0x0a })
        let text = TrailText(bytes)
        for sign in [#"\u001b[31m"#, #"\u0000"#, "<!channel>", "<script>", "gnore previous instructions"] {
            #expect(text.contains(sign), "\(sign)")
        }
    }

    @Test func `the labels written by hand name records that exist`() throws {
        let labels = TrailText(try read("Tests/Fixtures/by-hand/labels.json"))
        var trail: [UInt8] = []
        for name in try names(in: "Tests/Fixtures/by-hand/trail") {
            let bytes = try read("Tests/Fixtures/by-hand/trail/" + name)
            // The files have line breaks between records, which the outline counts as control characters.
            #expect(JSONOutline(bytes.filter { $0 != 0x0a }).isBalanced, "\(name)")
            trail.append(contentsOf: bytes)
        }
        let text = TrailText(trail)
        #expect(text.count(of: #""eventID":""#) == 333)
        let ids = labels.pieces(after: "   \"", length: 36).filter { $0.split(separator: "-").count == 5 }
        #expect(ids.count == 19)
        for id in ids {
            #expect(text.count(of: #""eventID":"\#(id)""#) == 1, "\(id)")
        }
        #expect(labels.count(of: #""benign": false"#) == 2)
        #expect(labels.count(of: #""benign": true"#) == 1)
        #expect(trail.count < 1_500_000)
    }
}
