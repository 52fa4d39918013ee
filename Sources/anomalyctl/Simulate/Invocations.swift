/// Invocations of Lambda functions: data events, the most numerous of an account that records them.
struct Invocations: Workload {
    /// A function that calls itself again and again for some hours.
    struct Loop: Sendable {
        let function: Int
        let from: Int
        let until: Int
        let factor: Double
        let trace: Int
    }

    static let names = ["orders-api", "thumbnails", "ledger-writer", "mail-outbox", "stream-enricher", "audit-export"]

    private struct Function: Sendable {
        let arn: String
        let perTick: Double
        let caller: Caller
        let shares: Bool
    }

    private let place: Place
    private let cycle: Cycle
    private let functions: [Function]
    private let loop: Loop?
    private var random: SplitMix64

    /// The first functions of an account, the busiest invoked `perHour` times an hour at the peak.
    init(in account: AccountPlan, at place: Place, functions count: Int, perHour: Double, loop: Loop?) {
        self.place = place
        self.loop = loop
        cycle = .customers(account.utcOffset)
        random = SplitMix64(seed: account.seed, part: "invocations", place.region)
        let sources = ["sqs.amazonaws.com", "events.amazonaws.com", "apigateway.amazonaws.com"]
        functions = (0..<count).map { index in
            let name = Self.names[index % Self.names.count]
            let caller: Caller =
                index % 4 == 3
                ? .role(
                    "\(name)-caller",
                    session: "\(name)-worker",
                    in: place,
                    address: "10.4.2.\(20 + index)",
                    tool: "aws-sdk-java/2.29.1 md/io#sync md/http#Apache ua/2.1 os/Linux lang/java#21.0.4"
                ) : .service(sources[index % sources.count])
            return Function(
                arn: "arn:aws:lambda:\(place.regionName):\(place.accountID):function:\(account.alias)-\(name)",
                perTick: perHour / 12 / Double(1 + index),
                caller: caller,
                shares: index % 4 != 3
            )
        }
    }

    /// The ARN of the function that a loop is about.
    static func looping(_ loop: Loop, alias: String, at place: Place) -> String {
        "arn:aws:lambda:\(place.regionName):\(place.accountID):function:\(alias)-\(names[loop.function % names.count])"
    }

    mutating func run(_ tick: Tick, into recorder: inout Recorder) {
        let load = cycle.load(tick.start)
        for index in functions.indices {
            let perTick = functions[index].perTick
            var mean = perTick * load
            var trace: Int?
            if let loop, loop.function == index, tick.start >= loop.from, tick.start < loop.until {
                mean = perTick * 0.6 * loop.factor
                trace = loop.trace
            }
            let count = random.count(mean: mean)
            if count == 0 { continue }
            let function = functions[index]
            for _ in 0..<count {
                let time = tick.moment(&random)
                invoke(function, time, trace, &recorder)
                recorder.count(1, of: trace, at: time)
            }
        }
    }

    private mutating func invoke(_ function: Function, _ time: Int, _ trace: Int?, _ recorder: inout Recorder) {
        let shared = EventID(&random)
        let account = place.accountID
        recorder.write(
            Call("lambda", "Invoke", data: true),
            by: function.caller,
            at: place,
            time: time,
            trace: trace,
            request: { text in
                text.raw(#"{"functionName":""#)
                text.raw(function.arn)
                text.raw(#"","invocationType":"Event"}"#)
            },
            extra: { text in
                text.raw(#","additionalEventData":{"functionVersion":""#)
                text.raw(function.arn)
                text.raw(#":$LATEST"},"resources":[{"accountId":""#)
                text.raw(account)
                text.raw(#"","type":"AWS::Lambda::Function","ARN":""#)
                text.raw(function.arn)
                text.raw(#""}]"#)
                if function.shares {
                    text.raw(#","sharedEventID":""#)
                    text.identifier(shared)
                    text.raw("\"")
                }
            }
        )
    }
}
