/// Instances that come and go with the load of the day, by an Auto Scaling group.
struct AutoScaling: Workload {
    /// A time in which the group serves far more than usual.
    struct Surge: Sendable {
        let from: Int
        let until: Int
        let factor: Double
        let trace: Int
    }

    private let place: Place
    private let cycle: Cycle
    private let base: Double
    private let swing: Double
    private let launch: Launch
    private let caller: Caller
    private let surge: Surge?
    private var random: SplitMix64
    private var running: [UInt64] = []
    private var started = false

    init(
        name: String,
        in account: AccountPlan,
        at place: Place,
        base: Double,
        swing: Double,
        type: String,
        surge: Surge?
    ) {
        self.place = place
        self.base = base
        self.swing = swing
        self.surge = surge
        cycle = .customers(account.utcOffset)
        random = SplitMix64(seed: account.seed, part: "asg " + name, place.region)
        caller = .serviceLinked(
            "AWSServiceRoleForAutoScaling",
            session: "AutoScaling",
            service: "autoscaling.amazonaws.com",
            in: place
        )
        launch = Launch(
            type: type,
            namesType: false,
            tags: Launch.tags(["aws:autoscaling:groupName": name, "Name": name + "-node", "team": account.owner]),
            template: place.resource(ResourceKind.template, name.utf8.count),
            requester: "940372691376",
            role: name + "-profile"
        )
    }

    mutating func run(_ tick: Tick, into recorder: inout Recorder) {
        let surging = surge.map { tick.start >= $0.from && tick.start < $0.until } ?? false
        let factor = surging ? surge?.factor ?? 1 : 1
        let wish = (base + swing * cycle.load(tick.start)) * factor + random.normal() * 0.6
        let target = max(1, Int(wish.rounded()))
        if !started {
            // What runs before the first record was launched before the trail began.
            running = (0..<target).map { _ in random.next() }
            started = true
            return
        }
        var missing = target - running.count
        if missing > 0 {
            while missing > 0 {
                let count = min(missing, 1 + random.below(4))
                let ids = recorder.launch(
                    launch,
                    count: count,
                    by: caller,
                    at: place,
                    time: tick.moment(&random),
                    trace: surging ? surge?.trace : nil
                )
                running.append(contentsOf: ids)
                missing -= count
            }
        } else if missing < -1 {
            // Scaling in is slower than scaling out: cooldown and one batch at a time.
            let count = min(-missing, 1 + random.below(surge == nil ? 4 : 12), running.count)
            let gone = Array(running.prefix(count))
            running.removeFirst(count)
            recorder.terminate(gone, by: caller, at: place, time: tick.moment(&random))
        }
    }
}
