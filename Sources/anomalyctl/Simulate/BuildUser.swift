/// A build server that uses an IAM user's long-lived key from one address with one tool.
struct BuildUser: Workload {
    static let name = "ci-image-builder"
    static let address = "198.51.100.77"
    static let tool = "aws-cli/1.32.101 md/Botocore#1.34.101 ua/2.0 os/linux#5.15 md/arch#x86_64 lang/python#3.9.18"

    private let place: Place
    private let cycle: Cycle
    private let caller: Caller
    private var random: SplitMix64

    init(in account: AccountPlan) {
        place = account.home
        cycle = .office(account.utcOffset)
        random = SplitMix64(seed: account.seed, part: "builder")
        caller = .user(Self.name, in: place, address: Self.address, tool: Self.tool)
    }

    mutating func run(_ tick: Tick, into recorder: inout Recorder) {
        for _ in 0..<random.count(mean: 0.08 + 0.4 * cycle.load(tick.start)) {
            let time = tick.moment(&random)
            recorder.plain(.read("ecr", "GetAuthorizationToken"), by: caller, at: place, time: time)
            recorder.plain(
                .read("ec2", "DescribeImages"),
                by: caller,
                at: place,
                time: time + 4,
                request: #"{"ownersSet":{"items":[{"owner":"self"}]}}"#
            )
            if random.chance(0.4) {
                recorder.plain(
                    Call("ecr", "PutImage"),
                    by: caller,
                    at: place,
                    time: time + 90,
                    request: #"{"repositoryName":"base/runtime","imageTag":"r\#(random.below(9000))"}"#
                )
            }
        }
    }
}
