/// One pipeline run that starts far too many instances, within minutes.
struct PipelineMistake: Workload {
    let caller: Caller
    private let place: Place
    private let from: Int
    private let count: Int
    private let trace: Int
    private var random: SplitMix64

    init(in account: AccountPlan, run: Int, address: String, from: Int, count: Int, trace: Int) {
        place = account.home
        self.from = from
        self.count = count
        self.trace = trace
        caller = Deployments.caller(in: account, run: run, tool: Deployments.terraform, address: address)
        random = SplitMix64(seed: account.seed, part: "pipeline mistake")
    }

    mutating func run(_ tick: Tick, into recorder: inout Recorder) {
        guard tick.start <= from, from < tick.end else { return }
        recorder.plain(.read("sts", "GetCallerIdentity"), by: caller, at: place, time: from)
        recorder.plain(
            .read("ec2", "DescribeImages"),
            by: caller,
            at: place,
            time: from + 5,
            request: #"{"filterSet":{}}"#
        )
        let launch = Launch(
            type: "m5.2xlarge",
            tags: Launch.tags(["Name": "load-test", "managed-by": "terraform"]),
            variant: 3,
            numbersAsText: true
        )
        var time = from + 20
        for _ in 0..<count {
            time += 2 + random.below(30)
            recorder.launch(launch, count: 1, by: caller, at: place, time: time, trace: trace)
        }
    }
}
