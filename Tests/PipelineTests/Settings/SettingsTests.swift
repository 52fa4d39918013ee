import AWSAccess
import Pipeline
import Testing
import UsageCore

@Suite struct SettingsTests {
    private func problems(_ environment: [String: String]) -> [String] {
        do throws(SettingsFailure) {
            _ = try Settings(environment: environment)
            return []
        } catch { return error.problems }
    }

    @Test func `a state table alone is enough and everything else has its default`() throws {
        let settings = try Settings(environment: ["STATE_TABLE": "usage-state"])
        #expect(settings.openSearchEndpoint == nil)
        #expect(settings.stateTable == "usage-state")
        #expect(settings.enrichesAccounts && settings.enrichesOrganization)
        #expect(settings.pricesIncidents && settings.findsCauses)
        #expect(settings.syncIntervalMinutes == 15)
        #expect(settings.evaluationMinutes == 80)
        #expect(settings.recordScope == .all)
        #expect(settings.memberRoleName == "AnomalyDetectorReadRole")
        #expect(settings.insightProvider == .template)
        #expect(settings.bulkMaxBytes == 5 << 20)
        #expect(settings.bulkGzip)
        #expect(settings.responseMode == .off)
        #expect(settings.catalog.usages.count >= 17)
    }

    @Test func `an endpoint is an https URL or a bare host, and http only on this machine`() throws {
        for (text, expected) in [
            ("https://search.example.com/", "https://search.example.com"),
            ("search.example.com", "https://search.example.com"), ("http://127.0.0.1:9200", "http://127.0.0.1:9200"),
        ] {
            let settings = try Settings(environment: ["OPENSEARCH_ENDPOINT": text])
            #expect(settings.openSearchEndpoint?.description == expected)
        }
        #expect(problems(["OPENSEARCH_ENDPOINT": "http://search.example.com"]).count == 1)
        #expect(problems(["OPENSEARCH_ENDPOINT": "https://search.example.com/path"]).count == 1)
    }

    @Test func `without a store it is said what to set`() {
        let problems = problems([:])
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("OPENSEARCH_ENDPOINT, STATE_TABLE: neither is set; give ") == true)
        #expect(self.problems(["OPENSEARCH_ENDPOINT": "", "STATE_TABLE": ""]) == problems)
    }

    @Test func `every bad key is told at once, each with what is allowed`() {
        let bad = [
            "STATE_TABLE": "x", "ENABLE_ACCOUNT_ENRICHMENT": "yes", "ORGANIZATION_ID": "O-1", "Q_INDEX_ID": "short",
            "SYNC_INTERVAL_MINUTES": "0", "ANOMALY_EVAL_MINUTES": "1e3", "RECORD_SCOPE": "some",
            "NOTIFICATION_TOPIC_ARN": "arn:aws:sqs:eu-west-1:111122223333:q", "INSIGHT_PROVIDER": "bedrock",
            "BULK_MAX_BYTES": "99999999", "RESPONSE_MODE": "on", "LOG_LEVEL": "LOUD", "USAGE_CATALOG": "/no/such/file",
            "EARLY_SIGNAL_TARGET": "bus", "MEMBER_ROLE_NAME": "a b", "DEAD_LETTER_QUEUE_URL": "ftp://x",
        ]
        let problems = problems(bad)
        for key in bad.keys where key != "INSIGHT_PROVIDER" {
            #expect(problems.contains { $0.hasPrefix(key + ": ") }, "\(key)")
        }
        #expect(problems.contains { $0.hasPrefix("BEDROCK_MODEL_ID: not set") })
        #expect(problems.count == bad.count)
        #expect(problems.allSatisfy { $0.contains("; ") && !$0.contains("\n") })
    }

    @Test func `a hostile value cannot break the line that tells it`() throws {
        let problem = try #require(problems(["STATE_TABLE": "t\n\u{1B}[31m"]).first)
        #expect(!problem.utf8.contains(0x0A) && !problem.utf8.contains(0x1B))
    }

    @Test func `ARNs of all partitions are taken`() throws {
        for partition in ["aws", "aws-us-gov", "aws-cn"] {
            let arn = "arn:\(partition):sns:us-east-1:111122223333:alerts"
            let settings = try Settings(environment: ["STATE_TABLE": "usage", "NOTIFICATION_TOPIC_ARN": arn])
            #expect(settings.notificationTopicArn == arn)
        }
    }
}
