import Testing
import UsageCore

@Suite struct AccountRulesTests {
    private func context(
        _ name: String,
        _ tags: [String: String] = [:],
        units: [String]? = nil
    ) -> AccountContext {
        AccountRules.context(id: "111122223333", name: name, tags: tags, units: units)
    }

    @Test(arguments: [
        ("payments-prod", "production"), ("Prod Main", "production"), ("web-stg", "staging"),
        ("acme.dev.web", "development"),
        ("sandbox-ann", "sandbox"), ("Log Archive", "security"), ("audit", "security"),
        ("shared-services", "shared-services"),
        ("Network", "shared-services"), ("prod-to-dev", "development"),
        ("web-non-prod", "development"), ("nonprod", "development"), ("Pre-Production", "staging"),
        ("preprod", "staging"),
    ])
    func `a name says what type an account is of`(name: String, type: String) {
        #expect(context(name).type == type)
    }

    @Test func `a word inside another word says nothing`() {
        for name in ["producer", "devon", "stagecoach", "laboratory", "acme"] { #expect(context(name).type == nil) }
    }

    @Test func `a tag counts more than a name, and a name more than a unit`() {
        let units = ["Root", "Workloads", "Prod"]
        #expect(context("web-dev", ["account-type": "Sandbox"], units: units).type == "sandbox")
        #expect(context("web-dev", units: units).type == "development")
        #expect(context("web", units: units).type == "production")
        #expect(context("web", ["Environment": "prd"], units: ["Root", "Dev"]).type == "production")
    }

    @Test func `a type of the organization's own is kept, an environment of its own is no type`() {
        #expect(context("web", ["Type": "Regulated"]).type == "regulated")
        let odd = context("web", ["env": "blue"])
        #expect(odd.type == nil)
        #expect(odd.environment == "blue")
    }

    @Test(arguments: ["CostCenter", "cost-center", "cost:center", "COST_CENTRE", "costCenter"])
    func `a tag is known in every usual spelling`(key: String) {
        #expect(context("web", [key: " 4711 "]).costCenter == "4711")
    }

    @Test func `everything that tags say finds its place`() {
        let found = context(
            "acct-17",
            ["Alias": "prod-main", "Owner": "team@example.com", "Team": "payments", "Stage": "prod", "empty": ""],
            units: ["Root", "Workloads", "Prod"]
        )
        #expect(found.alias == "prod-main")
        #expect(found.owner == "team@example.com")
        #expect(found.team == "payments")
        #expect(found.environment == "prod")
        #expect(found.ouPath == "Root/Workloads/Prod")
        #expect(!found.contextMissing)
        #expect(context("").alias == nil)
    }
}
