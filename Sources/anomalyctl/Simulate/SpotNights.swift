/// Batch work on Spot instances, requested in the evening and ended in the morning.
struct SpotNights: Workload {
    private let place: Place
    private let cycle: Cycle
    private let size: Int
    private let requester: Caller
    private let fleet: Caller
    private let fleetRequests: Bool
    private var random: SplitMix64
    private var running: [UInt64] = []
    private var request = EventID(high: 0, low: 0)

    init(name: String, in account: AccountPlan, at place: Place, size: Int, fleetRequests: Bool) {
        self.place = place
        self.size = size
        self.fleetRequests = fleetRequests
        cycle = .office(account.utcOffset)
        random = SplitMix64(seed: account.seed, part: "spot " + name)
        requester = .role(
            "\(name)-scheduler",
            session: "nightly",
            in: place,
            address: "10.4.9.17",
            tool: "Boto3/1.35.20 md/Botocore#1.35.20 ua/2.0 os/linux#5.10 lang/python#3.12.4 md/command#nightly",
            fromInstance: true
        )
        fleet = .serviceLinked(
            "AWSServiceRoleForEC2SpotFleet",
            session: "SpotFleet",
            service: "spotfleet.amazonaws.com",
            in: place
        )
    }

    mutating func run(_ tick: Tick, into recorder: inout Recorder) {
        let hour = cycle.hour(tick.start)
        let first = tick.start % 3600 == 0
        if hour == 22, first { ask(tick, &recorder) }
        if hour == 22, tick.start % 3600 < 1500 { fill(tick, &recorder) }
        if (5..<7).contains(hour), !running.isEmpty { end(tick, hour, &recorder) }
    }

    private mutating func ask(_ tick: Tick, _ recorder: inout Recorder) {
        request = EventID(&random)
        let request = request
        let image = place.resource(ResourceKind.image, 7)
        let size = size
        let call = Call("ec2", fleetRequests ? "RequestSpotFleet" : "RequestSpotInstances")
        let fleetRequests = fleetRequests
        let account = place.accountID
        recorder.write(
            call,
            by: requester,
            at: place,
            time: tick.start + 5,
            request: { text in
                if fleetRequests {
                    text.raw(#"{"spotFleetRequestConfig":{"iamFleetRole":"arn:aws:iam::"# + account)
                    text.raw(
                        #":role/aws-ec2-spot-fleet-tagging-role","allocationStrategy":"capacityOptimized","targetCapacity":"#
                    )
                    text.number(size)
                    text.resource(
                        #","type":"maintain","launchSpecifications":[{"instanceType":"c5.4xlarge","imageId":"ami-"#,
                        image
                    )
                    text.raw(#""}]}}"#)
                } else {
                    text.raw(#"{"instanceCount":"#)
                    text.number(size)
                    text.resource(
                        #","type":"one-time","launchSpecification":{"instanceType":"c5.4xlarge","imageId":"ami-"#,
                        image
                    )
                    text.raw(#""}}"#)
                }
            },
            response: { text in
                text.raw(#"{"spotFleetRequestId":"sfr-"#)
                text.identifier(request)
                text.raw(#""}"#)
            }
        )
    }

    private mutating func fill(_ tick: Tick, _ recorder: inout Recorder) {
        let launch = Launch(
            type: random.pick(["c5.4xlarge", "c5a.4xlarge", "m5.4xlarge"]),
            tags: Launch.tags(["aws:ec2spot:fleet-request-id": "sfr-nightly", "job": "nightly"]),
            spot: true,
            variant: 7
        )
        let count = size / 5 + random.below(3) - 1
        for _ in 0..<max(count, 1) {
            running.append(
                contentsOf: recorder.launch(launch, count: 1, by: fleet, at: place, time: tick.moment(&random))
            )
        }
    }

    private mutating func end(_ tick: Tick, _ hour: Int, _ recorder: inout Recorder) {
        let count = hour == 6 ? running.count : min(running.count, random.below(6))
        let gone = Array(running.prefix(count))
        running.removeFirst(count)
        for start in stride(from: 0, to: gone.count, by: 8) {
            let some = Array(gone[start..<min(start + 8, gone.count)])
            recorder.terminate(some, by: fleet, at: place, time: tick.moment(&random))
        }
    }
}
