/// Snapshots taken at night by AWS Backup and Data Lifecycle Manager, and the volumes of stateful pods.
struct Backups: Workload {
    private let place: Place
    private let cycle: Cycle
    private let count: Int
    private let backup: Caller
    private let lifecycle: Caller
    private let driver: Caller
    private let claims: Double
    private var random: SplitMix64
    private var volumes: [(name: UInt64, until: Int)] = []

    /// Snapshots of a night, and `claims` volumes that the storage driver of a cluster creates in an hour at the peak.
    init(in account: AccountPlan, at place: Place, snapshots: Int, claims: Double) {
        self.place = place
        self.claims = claims
        count = snapshots
        cycle = .office(account.utcOffset)
        random = SplitMix64(seed: account.seed, part: "backups")
        backup = .role(
            "AWSBackupDefaultServiceRole",
            path: "service-role/",
            session: "AWSBackup-AWSBackupDefaultServiceRole",
            in: place,
            address: "backup.amazonaws.com",
            tool: "backup.amazonaws.com",
            invokedBy: "backup.amazonaws.com"
        )
        lifecycle = .role(
            "AWSDataLifecycleManagerDefaultRole",
            path: "service-role/",
            session: "dlm",
            in: place,
            address: "dlm.amazonaws.com",
            tool: "dlm.amazonaws.com",
            invokedBy: "dlm.amazonaws.com"
        )
        driver = Self.driver(in: place)
    }

    /// The role of the EBS storage driver of a cluster.
    static func driver(in place: Place) -> Caller {
        .role(
            "ebs-csi-controller",
            session: "1758112233445566778",
            in: place,
            address: "10.4.5.22",
            tool: "aws-sdk-go-v2/1.36.3 ua/2.1 os/linux lang/go#1.24.2 api/ec2#1.210.1 ebs.csi.aws.com-v1.41.0",
            provider:
                "arn:aws:iam::\(place.accountID):oidc-provider/oidc.eks.\(place.regionName).amazonaws.com/id/CLUSTER"
        )
    }

    static let claimTags = Launch.tags([
        "ebs.csi.aws.com/cluster": "true", "kubernetes.io/created-for/pvc/namespace": "jobs",
        "kubernetes.io/created-for/pvc/name": "work",
    ])

    mutating func run(_ tick: Tick, into recorder: inout Recorder) {
        let hour = cycle.hour(tick.start)
        if hour == 3 || hour == 1, tick.start % 3600 < 1800 {
            for _ in 0..<random.count(mean: Double(count) / 12) {
                snapshot(
                    by: hour == 3 ? backup : lifecycle,
                    tag: hour == 3 ? "aws:backup:source-resource" : "aws:dlm:lifecycle-policy-id",
                    tick.moment(&random),
                    &recorder
                )
            }
        }
        guard claims > 0 else { return }
        for volume in volumes where volume.until < tick.end {
            recorder.deleteVolume(volume.name, by: driver, at: place, time: tick.moment(&random))
        }
        volumes.removeAll { $0.until < tick.end }
        for _ in 0..<random.count(mean: claims / 12 * (0.2 + cycle.load(tick.start))) {
            let time = tick.moment(&random)
            let name = recorder.createVolume(
                gibibytes: [8, 20, 50, 100][random.below(4)],
                tags: Self.claimTags,
                by: driver,
                at: place,
                time: time
            )
            volumes.append((name, time + 900 + random.below(20_000)))
        }
    }

    private mutating func snapshot(by caller: Caller, tag: String, _ time: Int, _ recorder: inout Recorder) {
        let volume = place.resource(9, random.below(count + 1))
        let snapshot = random.next()
        let tags = Launch.tags([tag: "policy-0a17"])
        recorder.write(
            Call("ec2", "CreateSnapshot"),
            by: caller,
            at: place,
            time: time,
            request: { text in
                text.resource(#"{"volumeId":"vol-"#, volume)
                text.raw(#"","tagSpecificationSet":{"items":[{"resourceType":"snapshot","tags":"#)
                text.raw(tags)
                text.raw("}]}}")
            },
            response: { text in
                text.resource(#"{"snapshotId":"snap-"#, snapshot)
                text.resource(#"","volumeId":"vol-"#, volume)
                text.raw(#"","status":"pending","volumeSize":"100","startTime":"#)
                text.number(time * 1000)
                text.raw(#","encrypted":true}"#)
            }
        )
    }
}
