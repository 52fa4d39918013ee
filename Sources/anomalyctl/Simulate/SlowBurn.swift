/// One expensive instance or endpoint every few hours for a day or two, none of them ended.
struct SlowBurn: Workload {
    let caller: Caller
    private let place: Place
    private let times: [Int]
    private let endpoint: Bool
    private let type: String
    private let trace: Int
    private var random: SplitMix64

    init(in account: AccountPlan, times: [Int], endpoint: Bool, type: String, trace: Int) {
        place = account.home
        self.times = times
        self.endpoint = endpoint
        self.type = type
        self.trace = trace
        random = SplitMix64(seed: account.seed, part: "slow burn")
        caller = .role(
            "notebook-research",
            session: "nb-large-sweep",
            in: place,
            address: "10.4.8.40",
            tool: "Boto3/1.35.20 md/Botocore#1.35.20 ua/2.0 os/linux#5.10 lang/python#3.10.14",
            fromInstance: true
        )
    }

    mutating func run(_ tick: Tick, into recorder: inout Recorder) {
        for time in times where time >= tick.start && time < tick.end {
            if endpoint {
                let name = "sweep-\(String(random.next() % 0xff_ffff, radix: 16))"
                MachineLearning.endpoint(
                    name,
                    type: "ml." + type,
                    by: caller,
                    at: place,
                    time: time,
                    into: &recorder,
                    trace: trace
                )
            } else {
                let launch = Launch(
                    type: type,
                    tags: Launch.tags(["Name": "sweep", "experiment": "long-context"]),
                    role: "notebook"
                )
                recorder.launch(launch, count: 1, by: caller, at: place, time: time, trace: trace)
            }
        }
    }
}
