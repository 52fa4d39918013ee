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
        recorder.plain(.read("ec2", "DescribeImages"), by: caller, at: place, time: from + 5, request: #"{"filterSet":{}}"#)
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
                MachineLearning.endpoint(name, type: "ml." + type, by: caller, at: place, time: time, into: &recorder, trace: trace)
            } else {
                let launch = Launch(type: type, tags: Launch.tags(["Name": "sweep", "experiment": "long-context"]), role: "notebook")
                recorder.launch(launch, count: 1, by: caller, at: place, time: time, trace: trace)
            }
        }
    }
}

/// A managed node group that replaces each of its nodes: as many ends as starts.
struct NodeUpgrade: Workload {
    let caller: Caller
    private let place: Place
    private let from: Int
    private let nodes: Int
    private let trace: Int
    private var random: SplitMix64

    init(in account: AccountPlan, from: Int, nodes: Int, trace: Int) {
        place = account.home
        self.from = from
        self.nodes = nodes
        self.trace = trace
        random = SplitMix64(seed: account.seed, part: "node upgrade")
        caller = .serviceLinked("AWSServiceRoleForAutoScaling", session: "AutoScaling", service: "autoscaling.amazonaws.com", in: place)
    }

    mutating func run(_ tick: Tick, into recorder: inout Recorder) {
        guard tick.start <= from, from < tick.end else { return }
        let operatorRole = Caller.role("platform-ops", session: "upgrade", in: place, address: "203.0.113.9", tool: "eksctl/0.191.0 aws-sdk-go-v2/1.32.2")
        recorder.plain(
            Call("eks", "UpdateNodegroupVersion"),
            by: operatorRole,
            at: place,
            time: from - 30,
            request: #"{"name":"main","nodegroupName":"general","version":"1.33","force":false}"#
        )
        let launch = Launch(
            type: "m6i.xlarge",
            namesType: false,
            tags: Launch.tags([
                "aws:autoscaling:groupName": "eks-general-5ac", "eks:cluster-name": "main", "eks:nodegroup-name": "general",
                "kubernetes.io/cluster/main": "owned", "k8s.io/cluster-autoscaler/enabled": "true",
            ]),
            template: place.resource(ResourceKind.template, 41),
            requester: "940372691376"
        )
        var time = from
        for _ in 0..<nodes {
            time += 40 + random.below(200)
            recorder.launch(launch, count: 1, by: caller, at: place, time: time, trace: trace)
            recorder.terminate([random.next()], by: caller, at: place, time: time + 300 + random.below(240), trace: trace)
        }
    }
}

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
            (Call("cloudformation", "CreateStack"), #"{"stackName":"StackSet-landing-zone-3f","capabilities":["CAPABILITY_NAMED_IAM"]}"#),
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
        let launch = Launch(type: "t3.medium", tags: Launch.tags(["aws:cloudformation:stack-name": "StackSet-landing-zone-3f"]))
        for _ in 0..<random.within(3...6) {
            time += 20 + random.below(90)
            recorder.launch(launch, count: 1, by: caller, at: place, time: time, trace: trace)
        }
    }
}
