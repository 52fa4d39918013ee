/// Nodes of a Kubernetes cluster that Karpenter starts and consolidates as pods come and go.
struct Karpenter: Workload {
    private static let families = [
        "m6i.xlarge", "m6i.2xlarge", "c6i.2xlarge", "c6a.4xlarge", "r6i.xlarge", "m5.2xlarge",
    ]

    private let place: Place
    private let cycle: Cycle
    private let base: Double
    private let swing: Double
    /// From 1.5 on Karpenter calls RunInstances itself; before, CreateFleet did that for it.
    private let launchesItself: Bool
    private let controller: Caller
    private let throughFleet: Caller
    private let tags: [UInt8]
    private var random: SplitMix64
    private var running: [UInt64] = []
    private var started = false

    init(cluster: String, in account: AccountPlan, at place: Place, base: Double, swing: Double, launchesItself: Bool) {
        self.place = place
        self.base = base
        self.swing = swing
        self.launchesItself = launchesItself
        cycle = .customers(account.utcOffset)
        random = SplitMix64(seed: account.seed, part: "karpenter " + cluster, place.region)
        let version = launchesItself ? "1.6.2" : "1.0.8"
        let tool =
            "aws-sdk-go-v2/1.36.3 ua/2.1 os/linux lang/go#1.24.2 md/GOARCH#amd64 api/ec2#1.210.1 karpenter.sh-\(version)"
        controller = .role(
            "\(cluster)-karpenter",
            session: "\(1_758_000_000 + random.below(9_000_000))",
            in: place,
            address: "10.4.\(random.below(250)).\(random.below(250))",
            tool: tool,
            provider:
                "arn:aws:iam::\(place.accountID):oidc-provider/oidc.eks.\(place.regionName).amazonaws.com/id/CLUSTER"
        )
        throughFleet = .role(
            "\(cluster)-karpenter",
            session: "karpenter",
            in: place,
            address: "ec2fleet.amazonaws.com",
            tool: "ec2fleet.amazonaws.com",
            invokedBy: "ec2fleet.amazonaws.com"
        )
        tags = Launch.tags([
            "karpenter.sh/nodepool": "default", "kubernetes.io/cluster/\(cluster)": "owned",
            "eks:eks-cluster-name": cluster, "Name": "default",
        ])
    }

    mutating func run(_ tick: Tick, into recorder: inout Recorder) {
        let wish = base + swing * cycle.load(tick.start) + random.normal()
        let target = max(1, Int(wish.rounded()))
        if !started {
            running = (0..<target).map { _ in random.next() }
            started = true
            return
        }
        if target > running.count + 1 {
            for _ in running.count..<target { start(tick, &recorder) }
        } else if target < running.count - 1 {
            for _ in target..<running.count where !running.isEmpty {
                let node = running.remove(at: random.below(running.count))
                recorder.terminate([node], by: controller, at: place, time: tick.moment(&random))
            }
        }
        if launchesItself, random.chance(0.004) {
            // The node class is validated by a dry run.
            let launch = Launch(type: "m6i.large", tags: tags, template: place.resource(ResourceKind.template, 90))
            recorder.launch(launch, count: 1, by: controller, at: place, time: tick.moment(&random), refused: .dryRun)
        }
    }

    private mutating func start(_ tick: Tick, _ recorder: inout Recorder) {
        let time = tick.moment(&random)
        var launch = Launch(
            type: random.pick(Self.families),
            tags: tags,
            template: place.resource(ResourceKind.template, 90),
            spot: random.chance(0.6),
            variant: random.below(3)
        )
        if launchesItself {
            if random.chance(0.02) {
                recorder.launch(launch, count: 1, by: controller, at: place, time: time, refused: .capacity)
            }
            running.append(contentsOf: recorder.launch(launch, count: 1, by: controller, at: place, time: time))
            return
        }
        let fleet = EventID(&random)
        launch.token = "fleet-"
        launch.namesType = false
        let nodes = recorder.launch(launch, count: 1, by: throughFleet, at: place, time: time + 1)
        running.append(contentsOf: nodes)
        let template = place.resource(ResourceKind.template, 90)
        let type = launch.type
        let capacity = launch.spot ? "spot" : "on-demand"
        recorder.write(
            Call("ec2", "CreateFleet"),
            by: controller,
            at: place,
            time: time,
            request: { text in
                text.resource(
                    #"{"CreateFleetRequest":{"Type":"instant","LaunchTemplateConfigs":{"tag":1,"LaunchTemplateSpecification":{"LaunchTemplateId":"lt-"#,
                    template
                )
                text.raw(#"","Version":"$Latest"},"Overrides":{"tag":1,"InstanceType":""# + type)
                text.raw(#""}},"TargetCapacitySpecification":{"DefaultTargetCapacityType":""# + capacity)
                text.raw(#"","TotalTargetCapacity":1},"TagSpecification":{"tag":1,"ResourceType":"fleet"}}}"#)
            },
            response: { text in
                text.raw(#"{"CreateFleetResponse":{"fleetId":"fleet-"#)
                text.identifier(fleet)
                text.raw(#"","errorSet":"","fleetInstanceSet":{"item":{"lifecycle":""# + capacity)
                text.raw(#"","instanceType":""# + type + #"","instanceIds":{"item":"i-"#)
                text.resource("", nodes.first ?? 0)
                text.raw(#""}}}}}"#)
            }
        )
    }
}
