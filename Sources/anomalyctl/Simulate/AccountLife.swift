/// What goes on in an account of each kind on an ordinary day.
enum AccountLife {
    static func workloads(
        of account: AccountPlan,
        audit: String?,
        traffic: Double,
        plantings: Plantings
    ) -> [any Workload] {
        var random = SplitMix64(seed: account.seed, part: "life")
        let size = 0.7 + random.unit() * 0.8
        var life: [any Workload] = []
        switch account.kind {
        case .production: life = production(account, size, traffic, plantings)
        case .staging:
            life = [
                AutoScaling(
                    name: "web",
                    in: account,
                    at: account.home,
                    base: 2,
                    swing: 5 * size,
                    type: "c5.large",
                    surge: nil
                ),
                Karpenter(
                    cluster: "stage",
                    in: account,
                    at: account.home,
                    base: 3,
                    swing: 8 * size,
                    launchesItself: true
                ),
                Invocations(
                    in: account,
                    at: account.home,
                    functions: 2,
                    perHour: 30 * traffic,
                    loop: plantings.loops[account.index]
                ),
                Backups(in: account, at: account.home, snapshots: 6, claims: 1.5),
            ]
        case .development:
            life = [
                Karpenter(
                    cluster: "dev",
                    in: account,
                    at: account.home,
                    base: 2,
                    swing: 10 * size,
                    launchesItself: account.index % 2 == 0
                ),
                Backups(in: account, at: account.home, snapshots: 4, claims: 2.5),
            ]
        case .sandbox:
            life = [MachineLearning(in: account)]
            if account.index % 2 == 1 { life.append(ModelTraffic(in: account, perHour: 60 * traffic)) }
        case .security: life = []
        case .sharedServices:
            life = [
                SpotNights(name: "build-cache", in: account, at: account.home, size: 30, fleetRequests: false),
                AutoScaling(
                    name: "runners",
                    in: account,
                    at: account.home,
                    base: 2,
                    swing: 18 * size,
                    type: "c6i.2xlarge",
                    surge: nil
                ),
            ]
        }
        life += everywhere(account, audit, size, traffic)
        if plantings.builders.contains(account.index) { life.append(BuildUser(in: account)) }
        return life
    }

    private static func production(
        _ account: AccountPlan,
        _ size: Double,
        _ traffic: Double,
        _ plantings: Plantings
    ) -> [any Workload] {
        let home = account.home
        var life: [any Workload] = [
            AutoScaling(
                name: "web",
                in: account,
                at: home,
                base: 6 * size,
                swing: 24 * size,
                type: "c5.xlarge",
                surge: plantings.surges[account.index]
            ),
            Karpenter(
                cluster: "main",
                in: account,
                at: home,
                base: 8 * size,
                swing: 26 * size,
                launchesItself: account.index % 2 == 0
            ),
            Invocations(
                in: account,
                at: home,
                functions: 4,
                perHour: 130 * size * traffic,
                loop: plantings.loops[account.index]
            ),
            Backups(in: account, at: home, snapshots: 24, claims: 4),
        ]
        for place in account.places.dropFirst() {
            life.append(
                AutoScaling(
                    name: "edge",
                    in: account,
                    at: place,
                    base: 3,
                    swing: 8 * size,
                    type: "c6i.large",
                    surge: nil
                )
            )
        }
        if account.alias.contains("data") {
            life.append(SpotNights(name: "warehouse", in: account, at: home, size: 60, fleetRequests: true))
        }
        if account.index == 0 { life.append(ModelTraffic(in: account, perHour: 90 * traffic)) }
        return life
    }

    private static func everywhere(
        _ account: AccountPlan,
        _ audit: String?,
        _ size: Double,
        _ traffic: Double
    ) -> [any Workload] {
        let reads: Double
        let people: (Int, Double)
        let deployments: Double
        switch account.kind {
        case .production: (reads, people, deployments) = (95, (8, 2.5), 1.4)
        case .staging: (reads, people, deployments) = (50, (6, 2), 2)
        case .development: (reads, people, deployments) = (45, (9, 4), 1.6)
        case .sandbox: (reads, people, deployments) = (25, (6, 2.5), 0)
        case .security: (reads, people, deployments) = (40, (4, 1.5), 0.2)
        case .sharedServices: (reads, people, deployments) = (60, (4, 1.5), 0.8)
        }
        return [
            ReadNoise(in: account, audit: audit, perHour: reads * size * traffic),
            People(in: account, count: people.0, sessionsPerHour: people.1),
            Deployments(in: account, perHour: deployments),
        ]
    }
}
