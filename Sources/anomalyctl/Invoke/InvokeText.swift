import UsageCore

/// How the outcome of an invocation is told.
enum InvokeText {
    /// One line for standard error.
    static func summary(_ event: String, _ outcome: InvocationOutcome, memory: Int) -> String {
        var text = "\(Hostile.shown(event)): "
        switch outcome.status {
        case .ok: text += "ok"
        case .error: text += "function error"
        case .timeout: text += "timed out and was ended"
        case .exit: text += "ended without an answer"
        case .initError: text += "could not be set up"
        }
        if let type = outcome.errorType { text += " (\(Hostile.shown(type)))" }
        if let start = outcome.start { text += ", first poll \(milliseconds(start)) ms after start" }
        if let duration = outcome.duration { text += ", answer after \(milliseconds(duration)) ms" }
        text += ", \(Counted.text(outcome.payload.count, "bytes"))"
        if let peak = outcome.peakKiB {
            text += ", peak memory \(Decimal.text(Double(peak) / 1024, decimals: 1)) of \(memory) MiB"
        }
        if let note = outcome.note { text += "; \(note)" }
        return text
    }

    /// One object on one line.
    static func json(_ event: String, _ outcome: InvocationOutcome) -> String {
        var json = JSONText()
        json.object { json in
            json.name("event")
            json.string(event)
            json.name("requestId")
            json.string(outcome.requestId)
            json.name("status")
            json.string(outcome.status.rawValue)
            if let type = outcome.errorType {
                json.name("errorType")
                json.string(type)
            }
            if let start = outcome.start {
                json.name("startMilliseconds")
                json.number(start / .milliseconds(1), decimals: 3)
            }
            if let duration = outcome.duration {
                json.name("durationMilliseconds")
                json.number(duration / .milliseconds(1), decimals: 3)
            }
            if let peak = outcome.peakKiB {
                json.name("peakMemoryMiB")
                json.number(Double(peak) / 1024, decimals: 1)
            }
            if let note = outcome.note {
                json.name("note")
                json.string(note)
            }
            json.name("reply")
            if outcome.payload.withUnsafeBufferPointer({ JSONScanner.fault(in: $0) == nil }) {
                // Between tokens a line break is as good as a space; within a string there is none.
                json.raw(outcome.payload.lazy.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 })
            } else {
                json.string(String(decoding: outcome.payload, as: UTF8.self))
            }
        }
        return json.text
    }

    private static func milliseconds(_ duration: Duration) -> String {
        Decimal.text(duration / .milliseconds(1), decimals: 1)
    }
}
