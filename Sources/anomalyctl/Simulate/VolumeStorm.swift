/// A storage driver that leaks: volume after volume for an hour or two, none deleted.
struct VolumeStorm: Workload {
    let caller: Caller
    private let place: Place
    private let from: Int
    private let until: Int
    private let perTick: Double
    private let trace: Int
    private var random: SplitMix64

    init(in account: AccountPlan, from: Int, seconds: Int, volumes: Int, trace: Int) {
        place = account.home
        self.from = from
        until = from + seconds
        perTick = Double(volumes) * Double(Tick.seconds) / Double(seconds)
        self.trace = trace
        caller = Backups.driver(in: place)
        random = SplitMix64(seed: account.seed, part: "volume storm")
    }

    mutating func run(_ tick: Tick, into recorder: inout Recorder) {
        guard tick.start >= from, tick.start < until else { return }
        for _ in 0..<random.count(mean: perTick) {
            recorder.createVolume(
                gibibytes: 100 * (1 + random.below(5)),
                tags: Backups.claimTags,
                by: caller,
                at: place,
                time: tick.moment(&random),
                trace: trace
            )
        }
    }
}
