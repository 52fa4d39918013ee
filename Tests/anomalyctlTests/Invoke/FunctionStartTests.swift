import AWSAccess
import TestSupport
import Testing

@testable import anomalyctl

/// How the functions' own programs begin.
@Suite struct FunctionStartTests {
    private static let q = ["Q_APPLICATION_ID", "Q_INDEX_ID"]

    @Test(arguments: FunctionFinder.names)
    func `without a store the set-up fails and says what to set`(function: String) throws {
        let run = try FunctionRun(function, environment: [:])
        #expect(run.code == 1 && run.statuses == ["init-error"])
        #expect(run.outcomes.first?["errorType"]?.string == "Function.SettingsFailure")
        let message = run.replies.first?["errorMessage"]?.string ?? ""
        #expect(message.contains("OPENSEARCH_ENDPOINT, STATE_TABLE: neither is set; give the domain's https URL"))
        for key in Self.q { #expect(message.contains("\(key): not set") == (function == "QBusinessConnector")) }
        #expect(run.messages.contains("\"level\":\"FATAL\""))
    }

    @Test(arguments: FunctionFinder.names)
    func `every bad setting is named at once`(function: String) throws {
        let run = try FunctionRun(
            function,
            environment: [
                "OPENSEARCH_ENDPOINT": "http://search.example.com", "STATE_TABLE": "x", "BULK_GZIP": "perhaps",
                "RETENTION_DAYS": "0", "LOG_LEVEL": "loud", "USAGE_CATALOG": "/nowhere", "Q_INDEX_ID": "short",
                "AWS_ENDPOINT_URL": "ftp://x", "NOTIFICATION_TOPIC_ARN": "a\nb",
            ]
        )
        #expect(run.statuses == ["init-error"])
        let lines = (run.replies.first?["errorMessage"]?.string ?? "").split(separator: "\n")
        for key in [
            "OPENSEARCH_ENDPOINT", "STATE_TABLE", "BULK_GZIP", "RETENTION_DAYS", "LOG_LEVEL", "USAGE_CATALOG",
            "Q_INDEX_ID", "AWS_ENDPOINT_URL", "NOTIFICATION_TOPIC_ARN",
        ] {
            #expect(lines.count { $0.hasPrefix(key + ":") } == 1, "\(key) \(lines)")
        }
    }
}
