/// A count has reached the limit that the last evaluation left: the next one should not wait for its time.
///
/// It carries what was seen for the log alone. Whoever takes it counts again, so that a wrong one costs an evaluation and tells nobody.
package struct EarlySignal: Equatable, Sendable {
    /// The usage's name.
    package var usage: String
    /// Cut after `longestName` scalars, as the next.
    package var accountId: String
    package var region: String
    package var callers: CallerClass
    /// Start and end of the interval, seconds since 1970; the end is exclusive.
    package var start: Int64
    package var end: Int64
    /// What was counted in it so far.
    package var count: Double
    /// From where on it would be told.
    package var limit: Double
    /// How often the limit has doubled until the count.
    package var step: Int

    /// A signal with all its parts.
    package init(
        usage: String,
        accountId: String,
        region: String,
        callers: CallerClass,
        start: Int64,
        end: Int64,
        count: Double,
        limit: Double,
        step: Int
    ) {
        self.usage = usage
        self.accountId = Self.cut(accountId)
        self.region = Self.cut(region)
        self.callers = callers
        self.start = start
        self.end = end
        self.count = count
        self.limit = limit
        self.step = step
    }

    /// Who sends, as EventBridge has it.
    package static let source = "usage-anomalies"
    /// What the event is, as EventBridge has it.
    package static let detailType = "UsageSignal"
    /// Signals of one event: some 30 KB, and below the 256 KiB of EventBridge whatever stands in records.
    package static let mostInEvent = 100
    private static let longestName = 100

    private static func cut(_ text: String) -> String {
        text.unicodeScalars.count <= longestName
            ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(longestName)))
    }

    /// The detail of an event with those signals.
    package static func detail(_ signals: [EarlySignal]) -> String {
        var json = JSONText()
        json.object { json in
            json.name("signals")
            json.array { json in for signal in signals { signal.write(to: &json) } }
        }
        return json.text
    }

    /// The event as a function gets it: through a bus, or invoked with it.
    package static func event(_ signals: [EarlySignal]) -> [UInt8] {
        var json = JSONText()
        json.object { json in
            json.name("source")
            json.string(source)
            json.name("detail-type")
            json.string(detailType)
            json.name("detail")
            json.raw(detail(signals).utf8)
        }
        return json.bytes
    }

    /// The signals of an event; nil where it is another one, empty where none can be read.
    package static func signals(in event: JSONValue) -> [EarlySignal]? {
        guard event["source"]?.string == source, event["detail-type"]?.string == detailType else { return nil }
        return (event["detail"]?["signals"]?.array ?? []).compactMap(EarlySignal.init)
    }

    private init?(_ json: JSONValue) {
        guard let usage = json["usage"]?.string, let account = json["accountId"]?.string,
            let region = json["region"]?.string, let callers = json["callers"]?.string.flatMap(CallerClass.init(name:)),
            let start = json["start"]?.string.flatMap({ EventTime.parse($0) }),
            let end = json["end"]?.string.flatMap({ EventTime.parse($0) }), let count = json["count"]?.number,
            let limit = json["limit"]?.number, let step = json["step"]?.number.flatMap({ Int(exactly: $0) })
        else { return nil }
        self.init(
            usage: usage,
            accountId: account,
            region: region,
            callers: callers,
            start: start,
            end: end,
            count: count,
            limit: limit,
            step: step
        )
    }

    private func write(to json: inout JSONText) {
        json.object { json in
            for (name, text) in [
                ("usage", usage), ("accountId", accountId), ("region", region), ("callers", callers.name),
                ("start", EventTime.text(start)), ("end", EventTime.text(end)),
            ] {
                json.name(name)
                json.string(text)
            }
            json.name("count")
            json.number(count)
            json.name("limit")
            json.number(limit)
            json.name("step")
            json.integer(step)
        }
    }
}
