/// A build user's key in other hands: it looks around, asks for quotas, tries, and starts GPU instances where nobody ever worked.
struct StolenKey: Workload {
    private static let types = ["p3.2xlarge", "p3.8xlarge", "g4dn.12xlarge", "g5.12xlarge"]

    let caller: Caller
    private let places: [Place]
    private let from: Int
    private let trace: Int
    private let wanted: Int
    private var random: SplitMix64

    init(in account: AccountPlan, regions: [Int], from: Int, instances: Int, trace: Int) {
        places = regions.map { Place(account, region: $0) }
        self.from = from
        self.trace = trace
        wanted = instances
        random = SplitMix64(seed: account.seed, part: "stolen key")
        caller = .user(
            BuildUser.name,
            in: account.home,
            address: "192.0.2.\(10 + random.below(240))",
            tool: "Boto3/1.26.165 Python/3.11.2 Linux/5.10.0-21-amd64 Botocore/1.29.165"
        )
    }

    mutating func run(_ tick: Tick, into recorder: inout Recorder) {
        guard tick.start <= from, from < tick.end, let first = places.first else { return }
        var time = from
        recorder.plain(.read("sts", "GetCallerIdentity"), by: caller, at: first, time: time)
        recorder.plain(
            .read("s3", "ListBuckets"),
            by: caller,
            at: first,
            time: time + 9,
            request: #"{"Host":"s3.amazonaws.com"}"#
        )
        for action in ["ListUsers", "ListAttachedUserPolicies", "GetAccountAuthorizationDetails"] {
            time += 5 + random.below(30)
            recorder.plain(
                .read("iam", action),
                by: caller,
                at: first,
                time: time,
                refused: .denied(caller.principal, "iam:" + action)
            )
        }
        for place in places { time = probe(place, time, &recorder) }
        var left = wanted
        while left > 0 {
            time += 20 + random.below(160)
            left -= start(min(left, 2 + random.below(7)), time, &recorder)
        }
    }

    private mutating func probe(_ place: Place, _ begin: Int, _ recorder: inout Recorder) -> Int {
        var time = begin + 20 + random.below(60)
        recorder.plain(
            .read("servicequotas", "GetServiceQuota"),
            by: caller,
            at: place,
            time: time,
            request: #"{"serviceCode":"ec2","quotaCode":"L-417A185B"}"#
        )
        time += 4
        recorder.plain(
            .read("ec2", "DescribeInstanceTypeOfferings"),
            by: caller,
            at: place,
            time: time,
            request: #"{"maxResults":1000}"#
        )
        for type in Self.types.shuffled(using: &random).prefix(2) {
            time += 3 + random.below(12)
            recorder.launch(Launch(type: type), count: 1, by: caller, at: place, time: time, refused: .dryRun)
        }
        time += 8
        recorder.plain(
            Call("ec2", "CreateKeyPair"),
            by: caller,
            at: place,
            time: time,
            request: #"{"keyName":"k1","keyType":"rsa"}"#
        )
        return time
    }

    /// Tries to start `count` instances and returns how many attempts that used up.
    private mutating func start(_ count: Int, _ time: Int, _ recorder: inout Recorder) -> Int {
        guard let place = places.isEmpty ? nil : places[random.below(places.count)] else { return count }
        let launch = Launch(type: random.pick(Self.types), keyName: "k1")
        if random.chance(0.3) {
            recorder.launch(launch, count: count * 4, by: caller, at: place, time: time, refused: .cpuLimit(64))
            return 0
        }
        recorder.launch(launch, count: count, by: caller, at: place, time: time, trace: trace)
        return count
    }
}
