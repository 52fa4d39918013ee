/// Pipelines on weekdays: a job proves itself to STS, then Terraform, CloudFormation or a deploy tool makes the changes.
struct Deployments: Workload {
    static let role = "github-deploy"

    let account: AccountPlan
    private let cycle: Cycle
    private let perHour: Double
    var random: SplitMix64

    init(in account: AccountPlan, perHour: Double) {
        self.account = account
        self.perHour = perHour
        cycle = .office(account.utcOffset)
        random = SplitMix64(seed: account.seed, part: "deployments")
    }

    /// The session of a pipeline run in `account`.
    static func caller(
        in account: AccountPlan,
        run: Int,
        tool: String,
        address: String,
        invokedBy: String? = nil
    ) -> Caller {
        .role(
            role,
            session: "GitHubActions-\(run)",
            in: account.home,
            address: address,
            tool: tool,
            invokedBy: invokedBy,
            provider: "arn:aws:iam::\(account.id):oidc-provider/token.actions.githubusercontent.com"
        )
    }

    static let terraform =
        "APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/5.72.0 "
        + "(+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.32.2 os/linux lang/go#1.23.2"
    static let commandLine =
        "aws-cli/2.18.5 md/awscrt#0.22.0 ua/2.0 os/linux#6.8 md/arch#x86_64 lang/python#3.12.6"

    mutating func run(_ tick: Tick, into recorder: inout Recorder) {
        guard cycle.isWeekday(tick.start) else { return }
        let runs = random.count(mean: perHour / 12 * cycle.load(tick.start))
        for _ in 0..<runs { deploy(at: tick.moment(&random), &recorder) }
    }

    private mutating func deploy(at time: Int, _ recorder: inout Recorder) {
        let number = 18_000_000_000 + random.below(400_000_000)
        let address = "198.19.\(random.below(250)).\(random.below(250))"
        let place = random.pick(account.places, or: account.home)
        assume(number, address, time, &recorder)
        switch random.below(4) {
        case 0:
            terraform(
                Self.caller(in: account, run: number, tool: Self.terraform, address: address),
                place,
                time + 8,
                &recorder
            )
        case 1: stack(number, address, place, time + 5, &recorder)
        case 2:
            functions(
                Self.caller(in: account, run: number, tool: Self.commandLine, address: address),
                place,
                time + 6,
                &recorder
            )
        default:
            containers(
                Self.caller(in: account, run: number, tool: Self.commandLine, address: address),
                place,
                time + 6,
                &recorder
            )
        }
    }

    private mutating func assume(_ number: Int, _ address: String, _ time: Int, _ recorder: inout Recorder) {
        let provider = "arn:aws:iam::\(account.id):oidc-provider/token.actions.githubusercontent.com"
        let subject = "repo:example-org/\(account.alias):ref:refs/heads/main"
        recorder.plain(
            .read("sts", "AssumeRoleWithWebIdentity"),
            by: .webIdentity(
                provider: provider,
                subject: subject,
                address: address,
                tool: "aws-actions/configure-aws-credentials"
            ),
            at: account.home,
            time: time,
            request:
                #"{"roleArn":"arn:aws:iam::\#(account.id):role/\#(Self.role)","roleSessionName":"GitHubActions-\#(number)","durationSeconds":3600}"#,
            response:
                #"{"subjectFromWebIdentityToken":"\#(subject)","provider":"\#(provider)","audience":"sts.amazonaws.com"}"#
        )
    }
}
