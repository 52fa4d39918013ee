/// An account and a Region: where a call was recorded.
struct Place: Sendable, Hashable {
    /// The account's position in the organization.
    let account: Int
    /// The Region's position in `Place.regions`.
    let region: Int
    let accountID: String
    let accountSeed: UInt64

    init(_ account: AccountPlan, region: Int) {
        self.account = account.index
        self.region = region
        accountID = account.id
        accountSeed = account.seed
    }

    var regionName: String { Self.regions[region] }

    /// The same account in the Region where global services record.
    var global: Place { Place(account: account, region: 0, accountID: accountID, accountSeed: accountSeed) }

    /// The name of the `number`th resource of `kind` here: always the same, so that nothing has to be remembered.
    func resource(_ kind: UInt64, _ number: Int = 0) -> UInt64 {
        SplitMix64.mix(accountSeed &+ UInt64(region) &* 0x1_0001, kind, UInt64(number))
    }

    private init(account: Int, region: Int, accountID: String, accountSeed: UInt64) {
        self.account = account
        self.region = region
        self.accountID = accountID
        self.accountSeed = accountSeed
    }

    /// Regions a simulated organization may meet; the first is where IAM, STS and sign-in record.
    static let regions = [
        "us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "us-east-2", "ap-southeast-1",
        "ap-northeast-1", "ap-south-1", "ap-southeast-2", "ca-central-1", "eu-north-1", "eu-west-3", "sa-east-1",
        "ap-northeast-2", "eu-south-1",
    ]

    /// The Regions an organization of this seed may work in: three of the first five, home first.
    static let workable = 0..<5
}

/// Letters for `Place.resource`.
enum ResourceKind {
    static let image: UInt64 = 1
    static let subnet: UInt64 = 2
    static let network: UInt64 = 3
    static let securityGroup: UInt64 = 4
    static let template: UInt64 = 5
    static let key: UInt64 = 6
}
