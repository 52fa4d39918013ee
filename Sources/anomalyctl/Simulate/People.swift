/// People at their consoles and terminals: much reading, now and then a change, sometimes a refusal.
struct People: Workload {
    private struct Person: Sendable {
        let name: String
        let caller: Caller
        let signIn: Caller
        let single: Bool
    }

    private static let names = [
        "ana", "bruno", "chen", "dalia", "emeka", "farid", "greta", "hiro", "ines", "jonas", "kemi", "lars",
    ]
    private static let browsers = [
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0",
    ]
    private static let looks: [(Call, String)] = [
        (.read("ec2", "DescribeInstances"), #"{"maxResults":1000,"instancesSet":{},"filterSet":{}}"#),
        (.read("ec2", "DescribeVolumes"), #"{"maxResults":500,"volumeSet":{},"filterSet":{}}"#),
        (.read("ec2", "DescribeSecurityGroups"), #"{"maxResults":1000,"securityGroupSet":{},"filterSet":{}}"#),
        (.read("monitoring", "DescribeAlarms"), #"{"maxRecords":100}"#),
        (.read("lambda", "ListFunctions20150331"), "null"),
        (.read("rds", "DescribeDBInstances"), "null"),
        (.read("s3", "ListBuckets"), #"{"Host":"s3.amazonaws.com"}"#),
        (.read("cloudformation", "DescribeStacks"), "null"),
        (.read("logs", "DescribeLogGroups"), #"{"limit":50}"#),
        (.read("health", "DescribeEventAggregates"), #"{"aggregateField":"eventTypeCategory"}"#),
    ]

    private let account: AccountPlan
    private let cycle: Cycle
    private let sessionsPerHour: Double
    private let people: [Person]
    private var random: SplitMix64
    private var testing: [(instance: UInt64, place: Place, person: Int, until: Int)] = []

    init(in account: AccountPlan, count: Int, sessionsPerHour: Double) {
        self.account = account
        self.sessionsPerHour = sessionsPerHour
        cycle = .office(account.utcOffset)
        random = SplitMix64(seed: account.seed, part: "people")
        var random = SplitMix64(seed: account.seed, part: "names")
        let home = account.home
        let set = account.kind == .production ? "ReadOnlyPlus" : "PowerUserAccess"
        people = (0..<count).map { index in
            let name = Self.names[(index * 5 + account.index) % Self.names.count]
            let address = "203.0.113.\(10 + random.below(40))"
            let browser = random.pick(Self.browsers)
            let single = index % 4 != 3
            let caller: Caller =
                single
                ? .role(
                    "AWSReservedSSO_\(set)_\(String(account.seed, radix: 16))",
                    path: "aws-reserved/sso.amazonaws.com/",
                    session: name + "@example.com",
                    in: home,
                    address: address,
                    tool: browser,
                    console: true,
                    sessionSeconds: 14_400
                ) : .consoleUser(name, in: home, address: address, tool: browser)
            return Person(
                name: name,
                caller: caller,
                signIn: single ? .identityCenter(user: name, in: home, address: address, tool: browser) : caller,
                single: single
            )
        }
    }

    mutating func run(_ tick: Tick, into recorder: inout Recorder) {
        finish(tick, &recorder)
        let sessions = random.count(mean: sessionsPerHour / 12 * cycle.load(tick.start))
        for _ in 0..<sessions where !people.isEmpty {
            work(random.below(people.count), tick, &recorder)
        }
    }

    private mutating func finish(_ tick: Tick, _ recorder: inout Recorder) {
        guard testing.contains(where: { $0.until < tick.end }) else { return }
        for test in testing where test.until < tick.end {
            recorder.terminate(
                [test.instance],
                by: people[test.person].caller,
                at: test.place,
                time: max(test.until, tick.start)
            )
        }
        testing.removeAll { $0.until < tick.end }
    }

    private mutating func work(_ index: Int, _ tick: Tick, _ recorder: inout Recorder) {
        let person = people[index]
        let place = random.pick(account.places, or: account.home)
        var time = tick.moment(&random)
        signIn(person, time, &recorder)
        for _ in 0..<random.within(3...14) {
            time += 2 + random.below(70)
            let (call, request) = Self.looks[random.below(Self.looks.count)]
            recorder.plain(call, by: person.caller, at: place, time: time, request: request)
        }
        if random.chance(0.08) {
            recorder.plain(
                .read("organizations", "DescribeOrganization"),
                by: person.caller,
                at: place,
                time: time + 3,
                refused: .denied(person.caller.principal, "organizations:DescribeOrganization")
            )
        }
        if random.chance(account.kind == .production ? 0.02 : 0.08) { change(index, place, time + 20, &recorder) }
    }

    private mutating func signIn(_ person: Person, _ time: Int, _ recorder: inout Recorder) {
        if person.single {
            recorder.write(
                Call("signin", "UserAuthentication", eventType: "AwsServiceEvent"),
                by: person.signIn,
                at: account.home,
                time: time - 6,
                extra: {
                    $0.raw(#","serviceEventDetails":{"UserAuthentication":"Success"}"#)
                    $0.raw(
                        #","additionalEventData":{"CredentialType":"TOTP","LoginTo":"https://example.awsapps.com/start"}"#
                    )
                }
            )
        }
        let wrong = random.chance(0.03) && !person.single
        let root = random.chance(0.002)
        recorder.write(
            Call("signin", "ConsoleLogin", eventType: "AwsConsoleSignIn"),
            by: root ? .root(in: account.home, address: "203.0.113.5", tool: Self.browsers.first ?? "") : person.caller,
            at: account.home,
            time: time,
            response: { $0.raw(wrong ? #"{"ConsoleLogin":"Failure"}"# : #"{"ConsoleLogin":"Success"}"#) },
            extra: {
                $0.raw(
                    #","additionalEventData":{"LoginTo":"https://console.aws.amazon.com/console/home","MobileVersion":"No","MFAUsed":""#
                )
                $0.raw(person.single ? #"No"}"# : #"Yes"}"#)
            }
        )
    }

    private mutating func change(_ index: Int, _ place: Place, _ time: Int, _ recorder: inout Recorder) {
        let person = people[index]
        let caller = person.caller
        switch random.below(8) {
        case 0, 1, 2:
            if account.kind == .production, random.chance(0.5) {
                let launch = Launch(type: "t3.large", keyName: person.name)
                recorder.launch(launch, count: 1, by: caller, at: place, time: time, refused: .unauthorizedInstance)
                return
            }
            let launch = Launch(
                type: random.pick(["t3.micro", "t3.large", "m6i.large"]),
                tags: Launch.tags(["Name": "\(person.name)-test"]),
                keyName: person.name
            )
            let ids = recorder.launch(launch, count: 1, by: caller, at: place, time: time)
            for id in ids {
                testing.append((id, place, index, time + 1800 + random.below(5 * 3600)))
            }
        case 3:
            recorder.createVolume(
                gibibytes: 20 * (1 + random.below(10)),
                tags: Launch.tags(["Name": "\(person.name)-scratch"]),
                by: caller,
                at: place,
                time: time
            )
        case 4:
            let user = "svc-\(String(random.next() % 0xffff, radix: 16))"
            recorder.plain(
                Call("iam", "CreateUser"),
                by: caller,
                at: place,
                time: time,
                request: #"{"userName":"\#(user)","path":"/"}"#,
                response:
                    #"{"user":{"path":"/","userName":"\#(user)","arn":"arn:aws:iam::\#(account.id):user/\#(user)"}}"#
            )
            recorder.plain(
                Call("iam", "CreateAccessKey"),
                by: caller,
                at: place,
                time: time + 40,
                request: #"{"userName":"\#(user)"}"#,
                response: #"{"accessKey":{"userName":"\#(user)","status":"Active"}}"#
            )
        case 5:
            recorder.plain(
                Call("rds", "CreateDBInstance"),
                by: caller,
                at: place,
                time: time,
                request:
                    #"{"dBInstanceIdentifier":"\#(person.name)-db","dBInstanceClass":"db.t3.medium","engine":"postgres","allocatedStorage":50,"masterUserPassword":"****"}"#,
                response:
                    #"{"dBInstanceIdentifier":"\#(person.name)-db","dBInstanceClass":"db.t3.medium","dBInstanceStatus":"creating","allocatedStorage":50}"#
            )
        case 6:
            recorder.plain(
                Call("ec2", "AllocateAddress"),
                by: caller,
                at: place,
                time: time,
                request: #"{"domain":"vpc"}"#,
                response:
                    #"{"publicIp":"192.0.2.\#(random.below(255))","domain":"vpc","allocationId":"eipalloc-0\#(String(random.next(), radix: 16))"}"#
            )
        default:
            recorder.plain(
                Call("autoscaling", "UpdateAutoScalingGroup"),
                by: caller,
                at: place,
                time: time,
                request: #"{"autoScalingGroupName":"web","maxSize":120}"#
            )
        }
    }
}
