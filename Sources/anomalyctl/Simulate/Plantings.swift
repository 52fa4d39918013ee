/// What is planted in a run: where, when and how much, all drawn from the seed.
struct Plantings: Sendable {
    var labels: [Label] = []
    /// What did not fit, with the reason.
    var leftOut: [(id: String, reason: String)] = []
    private(set) var loops: [Int: Invocations.Loop] = [:]
    var surges: [Int: AutoScaling.Surge] = [:]
    /// Further workloads by account.
    var workloads: [(account: Int, workload: any Workload)] = []
    /// The accounts in which a build user works.
    private(set) var builders: Set<Int> = []

    /// Whole days at the start in which nothing is planted, so that a detector can learn.
    static let quietDays = 5
    static let fewestDays = 7
    static let fewestAccounts = 4

    let accounts: [AccountPlan]
    private let start: Int
    private let days: Int
    var random: SplitMix64
    private var used: Set<Int> = []

    init(_ organization: OrganizationPlan, start: Int, days: Int, seed: UInt64) {
        accounts = organization.accounts
        self.start = start
        self.days = days
        random = SplitMix64(seed: seed, part: "plantings")
        builders = Set(accounts.filter { $0.kind == .development }.prefix(2).map(\.index))
        let all = [
            "gpu-mining", "lambda-loop", "ci-three-accounts", "volume-storm", "slow-burn", "scale-out-day",
            "node-upgrade", "new-account",
        ]
        guard days >= Self.fewestDays, accounts.count >= Self.fewestAccounts else {
            let reason =
                "needs \(Self.fewestDays) days and \(Self.fewestAccounts) accounts; this run has \(days) and \(accounts.count)"
            leftOut = all.map { ($0, reason) }
            return
        }
        stolenKey()
        lambdaLoop()
        pipelineMistake()
        volumeStorm()
        slowBurn()
        scaleOut()
        nodeUpgrade()
        newAccount()
    }

    /// A day for something planted, at an hour of local time; a working day if `weekday` and one is left.
    mutating func moment(
        hours: ClosedRange<Int>,
        needs length: Int,
        in account: AccountPlan,
        weekday: Bool
    ) -> Int {
        var found = start + Self.quietDays * 86_400
        for _ in 0..<40 {
            let day = Self.quietDays + random.below(days - Self.quietDays)
            let local =
                start + day * 86_400 + random.within(hours) * 3600 + random.below(3600) - account.utcOffset * 3600
            guard local >= start + Self.quietDays * 86_400, local + length < start + days * 86_400 - 3600 else {
                continue
            }
            found = local
            if !weekday || Cycle.office(account.utcOffset).isWeekday(local) { break }
        }
        return found / Tick.seconds * Tick.seconds + 7 + random.below(60)
    }

    /// An account of one of `kinds`, one in which nothing is planted yet while there is any.
    mutating func choose(_ kinds: Set<AccountPlan.Kind>) -> AccountPlan? {
        let fitting = accounts.filter { kinds.contains($0.kind) && $0.joinsAt == nil }
        // Things are planted in different accounts while there are enough of them.
        let fresh = fitting.filter { !used.contains($0.index) }
        let candidates = fresh.isEmpty ? fitting : fresh
        guard !candidates.isEmpty else { return nil }
        let chosen = candidates[random.below(candidates.count)]
        used.insert(chosen.index)
        return chosen
    }

    private mutating func stolenKey() {
        guard let account = choose([.production, .development, .staging]) else { return }
        builders.insert(account.index)
        let unused = Place.regions.indices.filter { $0 >= Place.workable.upperBound }.shuffled(using: &random)
        let regions = Array(unused.prefix(random.within(2...4)))
        let from = moment(hours: 0...23, needs: 3 * 3600, in: account, weekday: false)
        let work = StolenKey(
            in: account,
            regions: regions,
            from: from,
            instances: random.within(18...60),
            trace: labels.count
        )
        workloads.append((account.index, work))
        labels.append(
            Label(
                id: "gpu-mining",
                kind: "credential-abuse",
                benign: false,
                usages: ["ec2-run-instances"],
                unit: "instances",
                cause: "credential-abuse",
                principal: work.caller.principal,
                story:
                    "A build user's access key, used from one address by one tool, is used from a new address by another: it probes, "
                    + "is refused here and there, and starts GPU instances in Regions nobody worked in. None is ended."
            )
        )
    }

    private mutating func lambdaLoop() {
        guard let account = choose([.production]) else { return }
        let from = moment(hours: 8...17, needs: 7 * 3600, in: account, weekday: false)
        let loop = Invocations.Loop(
            function: 0,
            from: from,
            until: from + random.within(3...6) * 3600,
            factor: Double(random.within(20...50)),
            trace: labels.count
        )
        loops[account.index] = loop
        labels.append(
            Label(
                id: "lambda-loop",
                kind: "lambda-retry-storm",
                benign: false,
                usages: ["lambda-invoke"],
                unit: "invocations",
                cause: "lambda-retry-storm",
                principal: Invocations.looping(loop, alias: account.alias, at: account.home),
                story: "A function feeds its own queue: \(Int(loop.factor)) times its usual invocations for hours."
            )
        )
    }

    private mutating func pipelineMistake() {
        let production = accounts.filter { $0.kind == .production && $0.joinsAt == nil }
        guard production.count >= 3, let first = production.first else {
            leftOut.append(("ci-three-accounts", "needs three production accounts; this run has \(production.count)"))
            return
        }
        let hit = production.shuffled(using: &random).prefix(3)
        let from = moment(hours: 9...16, needs: 3600, in: first, weekday: true)
        let run = 18_400_000_000 + random.below(90_000_000)
        let address = "198.19.\(random.below(250)).\(random.below(250))"
        for account in hit {
            let begin = from + random.below(240)
            let count = random.within(10...20)
            let mistake = PipelineMistake(
                in: account,
                run: run,
                address: address,
                from: begin,
                count: count,
                trace: labels.count
            )
            workloads.append((account.index, mistake))
        }
        labels.append(
            Label(
                id: "ci-three-accounts",
                kind: "pipeline-misconfiguration",
                benign: false,
                usages: ["ec2-run-instances"],
                unit: "instances",
                cause: "terraform",
                principal: "arn:aws:iam::*:role/\(Deployments.role)",
                story: "One pipeline run starts the load test's instances in three production accounts within minutes."
            )
        )
    }

    private mutating func volumeStorm() {
        guard let account = choose([.production, .development, .staging]) else { return }
        let seconds = random.within(60...110) * 60
        let from = moment(hours: 0...22, needs: seconds, in: account, weekday: false)
        let storm = VolumeStorm(
            in: account,
            from: from,
            seconds: seconds,
            volumes: random.within(220...480),
            trace: labels.count
        )
        workloads.append((account.index, storm))
        labels.append(
            Label(
                id: "volume-storm",
                kind: "volume-leak",
                benign: false,
                usages: ["ebs-create-volume"],
                unit: "volumes",
                cause: "eks",
                principal: storm.caller.principal,
                story: "The cluster's storage driver creates a volume for every retry and deletes none."
            )
        )
    }

    private mutating func slowBurn() {
        guard let account = choose([.sandbox]) ?? choose([.development]) else { return }
        let length = min((days - Self.quietDays) * 86_400 - 8 * 3600, random.within(26...44) * 3600)
        let from = moment(hours: 0...6, needs: length, in: account, weekday: false)
        var times: [Int] = []
        var time = from
        while time < from + length {
            times.append(time)
            time += random.within(7000...15_000)
        }
        let endpoint = account.kind == .sandbox && random.chance(0.4)
        let burn = SlowBurn(
            in: account,
            times: times,
            endpoint: endpoint,
            type: random.pick(["p4d.24xlarge", "g5.48xlarge"]),
            trace: labels.count
        )
        workloads.append((account.index, burn))
        labels.append(
            Label(
                id: "slow-burn",
                kind: "slow-expensive-burn",
                benign: false,
                usages: [endpoint ? "sagemaker-create-endpoint" : "ec2-run-instances"],
                unit: endpoint ? "endpoints" : "instances",
                cause: "unknown",
                principal: burn.caller.principal,
                story:
                    "A notebook's role starts one very expensive machine every few hours and ends none: no interval is remarkable, the sum is."
            )
        )
    }
}
