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
        caller = .serviceLinked(
            "AWSServiceRoleForAutoScaling",
            session: "AutoScaling",
            service: "autoscaling.amazonaws.com",
            in: place
        )
    }

    mutating func run(_ tick: Tick, into recorder: inout Recorder) {
        guard tick.start <= from, from < tick.end else { return }
        let operatorRole = Caller.role(
            "platform-ops",
            session: "upgrade",
            in: place,
            address: "203.0.113.9",
            tool: "eksctl/0.191.0 aws-sdk-go-v2/1.32.2"
        )
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
                "aws:autoscaling:groupName": "eks-general-5ac", "eks:cluster-name": "main",
                "eks:nodegroup-name": "general",
                "kubernetes.io/cluster/main": "owned", "k8s.io/cluster-autoscaler/enabled": "true",
            ]),
            template: place.resource(ResourceKind.template, 41),
            requester: "940372691376"
        )
        var time = from
        for _ in 0..<nodes {
            time += 40 + random.below(200)
            recorder.launch(launch, count: 1, by: caller, at: place, time: time, trace: trace)
            recorder.terminate(
                [random.next()],
                by: caller,
                at: place,
                time: time + 300 + random.below(240),
                trace: trace
            )
        }
    }
}
