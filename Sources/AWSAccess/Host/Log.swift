/// Structured log lines in the form of Lambda's advanced logging controls: one JSON object a line with `timestamp` (RFC 3339),
/// `level`, `requestId`, `message` and flat fields.
package struct Log: Sendable {
    /// How much a line matters; the names are Lambda's.
    package enum Level: String, Sendable, CaseIterable, Comparable {
        case trace = "TRACE"
        case debug = "DEBUG"
        case info = "INFO"
        case warn = "WARN"
        case error = "ERROR"
        case fatal = "FATAL"

        package static func < (one: Level, other: Level) -> Bool { one.rank < other.rank }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

        /// The level that `LOG_LEVEL` names, else `AWS_LAMBDA_LOG_LEVEL`, else INFO; case does not matter, empty means unset.
        ///
        /// - Throws: `AccessFailure.setting` for any other word.
        package init(environment: [String: String]) throws(AccessFailure) {
            for key in ["LOG_LEVEL", "AWS_LAMBDA_LOG_LEVEL"] {
                guard let word = environment[key], !word.isEmpty else { continue }
                guard let level = Level(rawValue: word.uppercased()) else {
                    let allowed = "one of " + Self.allCases.map(\.rawValue).joined(separator: ", ")
                    throw .setting(key: key, value: word, allowed: allowed)
                }
                self = level
                return
            }
            self = .info
        }
    }

    /// What a field may hold.
    package enum Value: Sendable, Equatable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
        ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral
    {
        case string(String)
        case int(Int)
        case double(Double)
        case bool(Bool)

        package init(stringLiteral text: String) { self = .string(text) }
        package init(integerLiteral number: Int) { self = .int(number) }
        package init(floatLiteral number: Double) { self = .double(number) }
        package init(booleanLiteral truth: Bool) { self = .bool(truth) }
    }

    /// Lines below it are not written.
    package let level: Level
    /// The invocation that lines belong to; nil outside of one.
    package private(set) var requestId: String?
    private let writer: LineWriter
    private let now: @Sendable () -> WallTime

    /// Bytes of a message or a text field after which it is cut: a hostile field cannot fill the log group.
    package static let longestText = 8192

    /// A log that writes to standard error unless told otherwise.
    package init(
        level: Level,
        writer: LineWriter = .standardError,
        now: @escaping @Sendable () -> WallTime = { .now() }
    ) {
        self.level = level
        self.writer = writer
        self.now = now
    }

    /// The same log for the lines of one invocation.
    package func with(requestId: String) -> Log {
        var log = self
        log.requestId = requestId
        return log
    }

    /// Writes one line, unless `level` is below the log's own; fields keep their order.
    package func write(_ level: Level, _ message: String, _ fields: KeyValuePairs<String, Value> = [:]) {
        guard level >= self.level else { return }
        var line = Array("{\"timestamp\":\"\(now().rfc3339)\",\"level\":\"\(level.rawValue)\"".utf8)
        if let requestId { append("requestId", .string(requestId), to: &line) }
        append("message", .string(message), to: &line)
        for (name, value) in fields {
            // Lambda filters by these, so no field may pose as one.
            let isTaken = ["timestamp", "level", "requestId", "message"].contains(name)
            append(isTaken ? "field.\(name)" : name, value, to: &line)
        }
        line.append(UInt8(ascii: "}"))
        writer.write(line: line)
    }

    package func debug(_ message: String, _ fields: KeyValuePairs<String, Value> = [:]) {
        write(.debug, message, fields)
    }
    package func info(_ message: String, _ fields: KeyValuePairs<String, Value> = [:]) { write(.info, message, fields) }
    package func warn(_ message: String, _ fields: KeyValuePairs<String, Value> = [:]) { write(.warn, message, fields) }
    package func error(_ message: String, _ fields: KeyValuePairs<String, Value> = [:]) {
        write(.error, message, fields)
    }

    private func append(_ name: String, _ value: Value, to line: inout [UInt8]) {
        line.append(UInt8(ascii: ","))
        JSONText.append(name, to: &line, limit: Self.longestText)
        line.append(UInt8(ascii: ":"))
        switch value {
        case .string(let text): JSONText.append(text, to: &line, limit: Self.longestText)
        case .int(let number): line.append(contentsOf: String(number).utf8)
        // JSON has no word for infinity or for what is not a number.
        case .double(let number): line.append(contentsOf: (number.isFinite ? "\(number)" : "null").utf8)
        case .bool(let truth): line.append(contentsOf: (truth ? "true" : "false").utf8)
        }
    }
}
