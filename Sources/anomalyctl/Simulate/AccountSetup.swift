/// An account that has just joined and is set up from the organization's stack sets.
struct AccountSetup: Workload {
    let caller: Caller
    private let place: Place
    private let account: String
    private let from: Int
    private let trace: Int
    private var random: SplitMix64

    init(in account: AccountPlan, from: Int, trace: Int) {
        place = account.home
        self.account = account.id
        self.from = from
        self.trace = trace
        random = SplitMix64(seed: account.seed, part: "setup")
        let service = "cloudformation.amazonaws.com"
        caller = .role(
            "stacksets-exec-7d1f0b",
            session: "AWSCloudFormation",
            in: place,
            address: service,
            tool: service,
            invokedBy: service
        )
    }

    mutating func run(_ tick: Tick, into recorder: inout Recorder) {
        guard tick.start <= from, from < tick.end else { return }
        var time = from
        let steps: [(Call, String)] = [
            (
                Call("cloudformation", "CreateStack"),
                #"{"stackName":"StackSet-landing-zone-3f","capabilities":["CAPABILITY_NAMED_IAM"]}"#
            ),
            (Call("config", "PutConfigurationRecorder"), #"{"configurationRecorder":{"name":"default"}}"#),
            (Call("ec2", "CreateVpc"), #"{"cidrBlock":"10.4.0.0/16"}"#),
            (Call("ec2", "CreateSubnet"), #"{"cidrBlock":"10.4.1.0/24"}"#),
            (Call("ec2", "AllocateAddress"), #"{"domain":"vpc"}"#),
            (Call("ec2", "CreateNatGateway"), #"{"CreateNatGatewayRequest":{"ConnectivityType":"public"}}"#),
            (Call("iam", "CreateRole"), #"{"roleName":"SecurityAudit","path":"/"}"#),
            (Call("iam", "CreateRole"), #"{"roleName":"github-deploy","path":"/"}"#),
            (Call("iam", "CreateUser"), #"{"userName":"break-glass","path":"/"}"#),
        ]
        for round in 0..<3 {
            for (call, request) in steps where round == 0 || call.service == "ec2" || call.name == "CreateRole" {
                time += 4 + random.below(50)
                recorder.plain(call, by: caller, at: place, time: time, request: request, response: "{}", trace: trace)
                recorder.count(1, of: trace, at: time)
            }
        }
        let launch = Launch(
            type: "t3.medium",
            tags: Launch.tags(["aws:cloudformation:stack-name": "StackSet-landing-zone-3f"])
        )
        for _ in 0..<random.within(3...6) {
            time += 20 + random.below(90)
            recorder.launch(launch, count: 1, by: caller, at: place, time: time, trace: trace)
        }
    }
}
