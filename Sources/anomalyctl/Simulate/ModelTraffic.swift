/// Calls to Bedrock models by an application.
struct ModelTraffic: Workload {
    private static let models = [
        "anthropic.claude-3-5-haiku-20241022-v1:0", "amazon.nova-lite-v1:0", "amazon.titan-embed-text-v2:0",
    ]

    private let place: Place
    private let cycle: Cycle
    private let perTick: Double
    private let caller: Caller
    private var random: SplitMix64

    init(in account: AccountPlan, perHour: Double) {
        place = account.home
        perTick = perHour / 12
        cycle = .customers(account.utcOffset)
        random = SplitMix64(seed: account.seed, part: "models")
        caller = .role(
            "assistant-service",
            session: "assistant-7c9d",
            in: place,
            address: "10.4.6.31",
            tool: "Boto3/1.35.20 md/Botocore#1.35.20 ua/2.0 os/linux#6.1 lang/python#3.12.4"
        )
    }

    mutating func run(_ tick: Tick, into recorder: inout Recorder) {
        let count = random.count(mean: perTick * cycle.load(tick.start))
        for _ in 0..<count {
            let model = random.pick(Self.models)
            let call = Call.read("bedrock", random.chance(0.5) ? "Converse" : "InvokeModel")
            let refused =
                random.chance(0.01)
                ? Refusal(code: "ThrottlingException", message: "Too many requests, please wait before trying again.")
                : nil
            recorder.write(
                call,
                by: caller,
                at: place,
                time: tick.moment(&random),
                refused: refused,
                request: {
                    $0.raw(#"{"modelId":""#)
                    $0.raw(model)
                    $0.raw(#""}"#)
                }
            )
        }
    }
}
