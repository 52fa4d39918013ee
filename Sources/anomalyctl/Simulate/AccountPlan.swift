/// One account of the simulated organization, before anything happens in it.
struct AccountPlan: Sendable {
    enum Kind: String, Sendable {
        case production, staging, development, sandbox, security
        case sharedServices = "shared-services"
    }

    let index: Int
    let id: String
    let alias: String
    let kind: Kind
    let ouPath: String
    let costCenter: String
    let owner: String
    /// Positions in `Place.regions`, home first.
    let regions: [Int]
    let utcOffset: Int
    let seed: UInt64
    /// When the account joins the organization; nil for one that was there before.
    var joinsAt: Int?

    var home: Place { Place(self, region: regions.first ?? 0) }
    var places: [Place] { regions.map { Place(self, region: $0) } }
}

/// The accounts of a simulated organization.
struct OrganizationPlan: Sendable {
    let id: String
    let accounts: [AccountPlan]

    /// Names in the order in which accounts are added: a small organization has the first few.
    private static let names: [(String, AccountPlan.Kind, String, String)] = [
        ("prod-main", .production, "Root/Workloads/Prod", "platform"),
        ("security-audit", .security, "Root/Security", "security"),
        ("dev-platform", .development, "Root/Workloads/Dev", "platform"),
        ("prod-payments", .production, "Root/Workloads/Prod", "payments"),
        ("shared-ci", .sharedServices, "Root/Infrastructure", "build"),
        ("prod-data", .production, "Root/Workloads/Prod", "data"),
        ("staging-main", .staging, "Root/Workloads/Staging", "platform"),
        ("sandbox-ml", .sandbox, "Root/Sandbox", "research"),
        ("dev-web", .development, "Root/Workloads/Dev", "web"),
        ("staging-data", .staging, "Root/Workloads/Staging", "data"),
        ("sandbox-lab", .sandbox, "Root/Sandbox", "research"),
    ]
    private static let further = [
        "media", "search", "mobile", "orders", "catalog", "billing", "stream", "geo", "portal",
    ]
    private static let furtherKinds: [(String, AccountPlan.Kind, String)] = [
        ("prod", .production, "Root/Workloads/Prod"), ("dev", .development, "Root/Workloads/Dev"),
        ("staging", .staging, "Root/Workloads/Staging"), ("sandbox", .sandbox, "Root/Sandbox"),
    ]

    /// The last account joins at `joining`; nil when every account is there from the start.
    init(accounts count: Int, seed: UInt64, joining: Int?) {
        var random = SplitMix64(seed: seed, part: "organization")
        id = "o-" + Self.letters(10, &random)
        var regions = Array(Place.workable)
        regions.shuffle(using: &random)
        let hours = random.pick([-8, -5, 0, 1, 2], or: 0)
        var plans: [AccountPlan] = []
        var taken: Set<String> = []
        for index in 0..<max(count, 1) {
            let (alias, kind, ou, team) = Self.name(index, of: count)
            var digits = ""
            repeat {
                digits = String(1 + random.below(9))
                while digits.utf8.count < 12 { digits += String(random.below(10)) }
            } while !taken.insert(digits).inserted
            let spread = kind == .production ? 1 + random.below(3) : kind == .sandbox ? 1 : 1 + random.below(2)
            plans.append(
                AccountPlan(
                    index: index,
                    id: digits,
                    alias: alias,
                    kind: kind,
                    ouPath: ou,
                    costCenter: String(40 + index / 3),
                    owner: team + "@example.com",
                    regions: Array(regions.prefix(spread)),
                    utcOffset: hours + random.below(2),
                    seed: random.next(),
                    joinsAt: index == count - 1 ? joining : nil
                )
            )
        }
        accounts = plans
    }

    private static func name(_ index: Int, of count: Int) -> (String, AccountPlan.Kind, String, String) {
        if index < names.count { return names[index] }
        let number = index - names.count
        let (prefix, kind, ou) = furtherKinds[(number / further.count + number) % furtherKinds.count]
        let word = further[number % further.count]
        let round = number / further.count
        return ("\(prefix)-\(word)" + (round == 0 ? "" : "-\(round + 1)"), kind, ou, word)
    }

    private static func letters(_ count: Int, _ random: inout SplitMix64) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<count).map { _ in alphabet[random.below(alphabet.count)] })
    }

    /// The text of `accounts.json`.
    var json: String {
        RecordText.text { text in
            text.raw("{\"organizationId\":\"\(id)\",\"accounts\":[\n")
            for account in accounts {
                text.raw(account.index == 0 ? " {" : ",\n {")
                text.raw(#""id":"\#(account.id)","alias":"\#(account.alias)","type":"\#(account.kind.rawValue)","#)
                text.raw(
                    #""ouPath":"\#(account.ouPath)","costCenter":"\#(account.costCenter)","owner":"\#(account.owner)"}"#
                )
            }
            text.raw("\n]}\n")
        }
    }
}
