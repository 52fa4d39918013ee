/// What services, agents and auditors read all day and night: most of an ordinary trail.
struct ReadNoise: Workload {
    // A class, because it is looked at far more often than it does something.
    private final class Habit: Sendable {
        let call: Call
        let caller: Caller
        let perHour: Double
        /// Whether it follows the working day of customers rather than a timer.
        let follows: Bool
        let request: String

        init(call: Call, caller: Caller, perHour: Double, follows: Bool, request: String) {
            self.call = call
            self.caller = caller
            self.perHour = perHour
            self.follows = follows
            self.request = request
        }
    }

    private let places: [Place]
    private let elsewhere: [Place]
    private let cycle: Cycle
    private let habits: [Habit]
    private let auditor: Caller
    private let auditHour: Int
    private var random: SplitMix64

    /// Reads of the home Region at `perHour` at the peak, fewer in the others.
    ///
    /// `audit` is the security account, whose role reads everywhere; nil in an organization without one.
    init(in account: AccountPlan, audit: String?, perHour: Double) {
        places = account.places
        elsewhere = Place.regions.indices.filter { !account.regions.contains($0) && $0 % 2 == 0 }
            .map { Place(account, region: $0) }
        cycle = .customers(account.utcOffset)
        random = SplitMix64(seed: account.seed, part: "reads")
        auditHour = random.below(24)
        let home = account.home
        let config = Caller.serviceLinked(
            "AWSServiceRoleForConfig",
            session: "AWSConfig-Describe",
            service: "config.amazonaws.com",
            in: home
        )
        let node = Caller.role(
            "eks-node-group",
            session: "i-0a1" + String(account.seed % 0xffff_ffff, radix: 16),
            in: home,
            address: "10.4.1.\(10 + account.index % 200)",
            tool: "aws-sdk-go-v2/1.36.3 ua/2.1 os/linux lang/go#1.24.2",
            fromInstance: true
        )
        let task = Caller.role(
            "\(account.alias)-task",
            session: "9f3c",
            in: home,
            address: "10.4.3.\(10 + account.index % 200)",
            tool: "aws-sdk-java/2.29.1 md/io#sync md/http#Apache ua/2.1 os/Linux lang/java#21.0.4"
        )
        auditor = .role(
            "SecurityAudit",
            session: "org-scan",
            in: home,
            address: "198.51.100.40",
            tool:
                "aws-cli/2.17.40 md/awscrt#0.21.2 ua/2.0 os/linux#6.1 md/arch#x86_64 lang/python#3.12.6 cfg/retry-mode#standard",
            sourceIdentity: audit
        )
        let key = "arn:aws:kms:\(home.regionName):\(account.id):key/5b6f0f6e-data"
        let roleARN = "arn:aws:iam::\(account.id):role/"
        let share = perHour / 50
        habits = [
            Habit(
                call: .read("sts", "AssumeRole"),
                caller: .service("ec2.amazonaws.com"),
                perHour: 6 * share,
                follows: false,
                request: #"{"roleArn":"\#(roleARN)eks-node-group","roleSessionName":"i-0a1","durationSeconds":3600}"#
            ),
            Habit(
                call: .read("sts", "AssumeRole"),
                caller: .service("lambda.amazonaws.com"),
                perHour: 7 * share,
                follows: true,
                request: #"{"roleArn":"\#(roleARN)functions","roleSessionName":"worker"}"#
            ),
            Habit(
                call: .read("sts", "AssumeRole"),
                caller: .otherAccount(
                    audit ?? account.id,
                    address: "198.51.100.40",
                    tool: "Boto3/1.35.20 md/Botocore#1.35.20"
                ),
                perHour: 0.5,
                follows: false,
                request: #"{"roleArn":"\#(roleARN)SecurityAudit","roleSessionName":"org-scan"}"#
            ),
            Habit(
                call: .read("kms", "Decrypt"),
                caller: task,
                perHour: 14 * share,
                follows: true,
                request:
                    #"{"encryptionContext":{"aws:s3:arn":"arn:aws:s3:::\#(account.alias)-data"},"encryptionAlgorithm":"SYMMETRIC_DEFAULT","keyId":"\#(key)"}"#
            ),
            Habit(
                call: .read("secretsmanager", "GetSecretValue"),
                caller: task,
                perHour: 3 * share,
                follows: true,
                request: #"{"secretId":"\#(account.alias)/database"}"#
            ),
            Habit(
                call: .read("ssm", "GetParameters"),
                caller: task,
                perHour: 4 * share,
                follows: true,
                request: #"{"names":["/\#(account.alias)/endpoint"],"withDecryption":true}"#
            ),
            Habit(
                call: .read("ec2", "DescribeInstances"),
                caller: node,
                perHour: 8 * share,
                follows: true,
                request: #"{"maxResults":1000,"instancesSet":{},"filterSet":{}}"#
            ),
            Habit(
                call: .read("autoscaling", "DescribeAutoScalingGroups"),
                caller: node,
                perHour: 5 * share,
                follows: false,
                request: #"{"maxRecords":100}"#
            ),
            Habit(
                call: .read("ec2", "DescribeVolumes"),
                caller: config,
                perHour: 4 * share,
                follows: false,
                request: #"{"maxResults":500,"volumeSet":{},"filterSet":{}}"#
            ),
            Habit(
                call: .read("s3", "GetBucketAcl"),
                caller: config,
                perHour: 3 * share,
                follows: false,
                request: #"{"bucketName":"\#(account.alias)-data","Host":"s3.amazonaws.com","acl":""}"#
            ),
            Habit(call: .read("iam", "ListRoles"), caller: config, perHour: 1 * share, follows: false, request: "null"),
            Habit(
                call: Call("logs", "CreateLogStream"),
                caller: task,
                perHour: 4 * share,
                follows: true,
                request: #"{"logGroupName":"/aws/lambda/\#(account.alias)","logStreamName":"2026/[$LATEST]0c"}"#
            ),
        ]
    }

    mutating func run(_ tick: Tick, into recorder: inout Recorder) {
        let load = cycle.load(tick.start)
        for (rank, place) in places.enumerated() {
            for index in habits.indices {
                let mean = habits[index].perHour / 12 * (habits[index].follows ? load * 1.6 : 1) / Double(1 + rank * 2)
                let count = random.count(mean: mean)
                if count == 0 { continue }
                for _ in 0..<count {
                    read(habits[index], place, tick.moment(&random), &recorder)
                }
            }
        }
        if cycle.hour(tick.start) == auditHour, tick.start % 3600 < Tick.seconds { audit(tick, &recorder) }
    }

    private func read(_ habit: Habit, _ place: Place, _ time: Int, _ recorder: inout Recorder) {
        let request = habit.request
        recorder.write(habit.call, by: habit.caller, at: place, time: time, request: { $0.raw(request) })
    }

    /// Once a day the security account looks into every Region, used or not.
    private mutating func audit(_ tick: Tick, _ recorder: inout Recorder) {
        for place in places + elsewhere {
            for call in [Call.read("ec2", "DescribeInstances"), .read("guardduty", "ListDetectors")] {
                let time = tick.moment(&random)
                recorder.plain(call, by: auditor, at: place, time: time, request: #"{"maxResults":50}"#)
            }
        }
    }
}
