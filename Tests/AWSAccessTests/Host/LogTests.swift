import AWSAccess
import Testing

@Suite("Log")
struct LogTests {
    @Test func `a line carries time, level, request, message and its fields in order`() {
        let captured = CapturedLog()
        captured.log.with(requestId: "r-1").info(
            "stored",
            ["stage": "store", "records": 5, "share": 0.5, "late": true, "detail": "n=\(3)"]
        )
        captured.log.warn("x")
        #expect(
            captured.lines == [
                #"{"timestamp":"2026-01-02T03:04:05.678Z","level":"INFO","requestId":"r-1","message":"stored","#
                    + #""stage":"store","records":5,"share":0.5,"late":true,"detail":"n=3"}"#,
                #"{"timestamp":"2026-01-02T03:04:05.678Z","level":"WARN","message":"x"}"#,
            ]
        )
    }

    @Test func `every scalar comes back through JSON and none that acts on a terminal is left bare`() throws {
        var text = String.UnicodeScalarView()
        for value in UInt32(0)...0x2100 {
            if let scalar = Unicode.Scalar(value) { text.append(scalar) }
        }
        text.append(contentsOf: "\u{FEFF}😀\u{10FFFF}é".unicodeScalars)
        for start in stride(from: 0, to: text.count, by: 1000) {
            let part = String(String.UnicodeScalarView(text.dropFirst(start).prefix(1000)))
            let captured = CapturedLog()
            captured.log.error("\(part)", ["key \(part)": .string(part)])
            let line = try #require(captured.values.first)
            #expect(captured.values.count == 1)
            // Compared by scalar: String equality would accept a composed form.
            let message = try #require(line["message"]?.string)
            #expect(message.unicodeScalars.elementsEqual(part.unicodeScalars))
            let bare = captured.lines[0].unicodeScalars
            #expect(bare.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) && $0 != "\u{202E}" })
        }
    }

    @Test func `long text is cut and numbers that JSON cannot say are null`() throws {
        let captured = CapturedLog()
        let long = String(repeating: "é", count: 100_000)
        captured.log.info(long, ["f": .string(long), "n": .double(.nan), "i": .double(-.infinity), "e": 1e300])
        let line = try #require(captured.values.first)
        #expect(line["message"]?.string?.utf8.count == Log.longestText + 3)
        #expect(line["f"]?.string?.hasSuffix("é...") == true)
        #expect(line["n"] == .null && line["i"] == .null)
        #expect(line["e"]?.double == 1e300)
    }

    @Test func `no field can pose as one of Lambda's own`() throws {
        let captured = CapturedLog()
        captured.log.error("m", ["level": "DEBUG", "timestamp": "t", "message": "other", "requestId": "r"])
        guard case .object(let members) = try #require(captured.values.first) else { return }
        #expect(
            members.map(\.name) == [
                "timestamp", "level", "message", "field.level", "field.timestamp", "field.message", "field.requestId",
            ]
        )
    }

    @Test func `lines below the level are not written`() {
        for level in Log.Level.allCases {
            let captured = CapturedLog(level: level)
            for other in Log.Level.allCases { captured.log.write(other, "m") }
            #expect(
                captured.values.compactMap { $0["level"]?.string }
                    == Log.Level.allCases.filter { $0 >= level }.map(\.rawValue)
            )
        }
    }

    @Test func `the level comes from LOG_LEVEL, else from Lambda's own variable, else it is INFO`() throws {
        #expect(try Log.Level(environment: [:]) == .info)
        #expect(try Log.Level(environment: ["LOG_LEVEL": "debug", "AWS_LAMBDA_LOG_LEVEL": "ERROR"]) == .debug)
        #expect(try Log.Level(environment: ["LOG_LEVEL": "", "AWS_LAMBDA_LOG_LEVEL": "ERROR"]) == .error)
        #expect(
            throws: AccessFailure.setting(
                key: "LOG_LEVEL",
                value: "loud",
                allowed: "one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL"
            )
        ) { try Log.Level(environment: ["LOG_LEVEL": "loud"]) }
    }
}
