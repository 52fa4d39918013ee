import AWSAccess
import Testing

@Suite("AccessFailure")
struct AccessFailureTests {
    @Test func `a failure is one line that says what happened and what to do`() {
        #expect(
            AccessFailure.timedOut(host: "h:1", afterMilliseconds: 30, sent: true).description
                == "h:1: no answer in time (30 ms, request sent); the request may have been acted on"
        )
        #expect(
            AccessFailure.setting(key: "LOG_LEVEL", value: "LOUD", allowed: "one of TRACE").description
                == "LOG_LEVEL: cannot be used (LOUD); give one of TRACE"
        )
    }

    @Test func `foreign text cannot add a line or grow without bound`() {
        let hostile = "a\r\n\u{1B}[31mb\u{2028}c\u{85}d" + String(repeating: "é", count: 1000)
        let text = AccessFailure.unreachable(host: hostile, detail: hostile).description
        #expect(
            text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) && $0 != "\u{2028}" }
        )
        #expect(text.utf8.count < 600)
    }
}
