/// What looks like an anomaly and is none.
extension Plantings {
    /// An Auto Scaling group that serves a busy day.
    mutating func scaleOut() {
        guard let account = choose([.production]) else { return }
        let from = moment(hours: 8...9, needs: 12 * 3600, in: account, weekday: false)
        surges[account.index] = AutoScaling.Surge(from: from, until: from + 11 * 3600, factor: 3, trace: labels.count)
        labels.append(
            Label(
                id: "scale-out-day",
                kind: "benign-scale-out",
                benign: true,
                usages: ["ec2-run-instances"],
                unit: "instances",
                cause: "autoscaling",
                principal:
                    "arn:aws:iam::\(account.id):role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
                story:
                    "A sale: one Auto Scaling group serves three times its usual load for a day and shrinks again in the evening."
            )
        )
    }

    /// A node group whose nodes are all replaced.
    mutating func nodeUpgrade() {
        guard let account = choose([.production, .staging]) else { return }
        let from = moment(hours: 9...13, needs: 4 * 3600, in: account, weekday: true)
        let upgrade = NodeUpgrade(in: account, from: from, nodes: random.within(28...55), trace: labels.count)
        workloads.append((account.index, upgrade))
        labels.append(
            Label(
                id: "node-upgrade",
                kind: "benign-node-upgrade",
                benign: true,
                usages: ["ec2-run-instances"],
                unit: "instances",
                cause: "eks",
                principal: upgrade.caller.principal,
                story: "A managed node group goes to a new version: each node is replaced, as many end as start."
            )
        )
    }

    /// An account that joins the organization.
    mutating func newAccount() {
        guard let account = accounts.first(where: { $0.joinsAt != nil }), let joinsAt = account.joinsAt else {
            leftOut.append(("new-account", "needs 7 accounts; this run has \(accounts.count)"))
            return
        }
        let setup = AccountSetup(in: account, from: joinsAt + 900, trace: labels.count)
        workloads.append((account.index, setup))
        labels.append(
            Label(
                id: "new-account",
                kind: "benign-new-account",
                benign: true,
                usages: ["ec2-run-instances", "iam-create-user", "ec2-create-nat-gateway", "ec2-allocate-address"],
                unit: "records",
                cause: "cloudformation",
                principal: setup.caller.principal,
                story: "An account joins the organization and is set up by its stack sets."
            )
        )
    }
}
