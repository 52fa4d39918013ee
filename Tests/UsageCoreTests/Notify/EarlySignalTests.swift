import Testing
import UsageCore

@Suite struct EarlySignalTests {
    private func signal(_ text: String, _ number: Double, step: Int) -> EarlySignal {
        EarlySignal(
            usage: text,
            accountId: text,
            region: text,
            callers: .controllers,
            start: 1_791_797_400,
            end: 1_791_798_000,
            count: number,
            limit: number / 4,
            step: step
        )
    }

    @Test func `what was written is read, whatever stands in it`() throws {
        let hostile = "a\"b\\\n\u{0}\u{1B}[31m\u{202E}<!channel>"
        let signals = [
            signal(hostile, 47, step: 0), signal("", 4_398_046_511_104, step: 40), signal("x", 0.75, step: 1),
        ]
        let event = EarlySignal.event(signals)
        #expect(event.allSatisfy { $0 >= 0x20 })
        let read = try #require(EarlySignal.signals(in: try JSONValue.parse(event)))
        #expect(read == signals)
    }

    @Test(arguments: [
        "{}", "[]", #"{"detail-type":"UsageSignal"}"#, #"{"source":"usage-anomalies","detail-type":"UsageIncident"}"#,
        #"{"source":"aws.events","detail-type":"UsageSignal","detail":{}}"#,
    ]) func `other events are none`(text: String) throws {
        #expect(EarlySignal.signals(in: try JSONValue.parse(Array(text.utf8))) == nil)
    }

    @Test(arguments: [
        "{}", #"{"signals":[]}"#, #"{"signals":[1,{},{"usage":"x"}]}"#, #"{"signals":{"usage":"x"}}"#, "null",
    ]) func `a signal of which nothing can be read is one without evidence`(detail: String) throws {
        let text = #"{"source":"usage-anomalies","detail-type":"UsageSignal","detail":\#(detail)}"#
        #expect(EarlySignal.signals(in: try JSONValue.parse(Array(text.utf8))) == [])
    }

    @Test func `an event of the most signals is below what EventBridge takes, whatever stands in records`() {
        var signals: [EarlySignal] = []
        for text in ["\u{1}", "\u{1F600}", "\u{10FFFF}"] {
            let long = String(repeating: text, count: 5000)
            signals = Array(repeating: signal(long, 1, step: 0), count: EarlySignal.mostInEvent)
            for index in signals.indices { signals[index].usage = "a-usage-of-the-catalog" }
            let size = EarlySignal.detail(signals).utf8.count
            #expect(size > 20_000 && size < 200_000)
        }
    }
}
