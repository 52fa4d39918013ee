import AWSAccess
import UsageCore

/// What a function is told by its environment.
///
/// Where nothing is said the default stands here.
package struct Settings: Sendable {
    /// Which records are stored.
    package enum RecordScope: String, CaseIterable, Sendable { case all, watched }

    /// Who writes an incident's prose.
    package enum InsightProvider: String, CaseIterable, Sendable { case template, bedrock, qbusiness }

    /// What may be done about an incident.
    package enum ResponseMode: String, CaseIterable, Sendable {
        case off
        case dryRun = "dry-run"
        case approve
    }

    /// The domain or serverless collection; nil where the state table is the only store.
    package let openSearchEndpoint: Endpoint?
    /// The DynamoDB table of counters, watched records, checkpoints and incidents.
    package let stateTable: String?
    package let enrichesAccounts: Bool
    /// Whether organizational units are looked up beside the accounts themselves.
    package let enrichesOrganization: Bool
    package let organizationId: String?
    package let qApplicationId: String?
    package let qIndexId: String?
    package let pricesIncidents: Bool
    package let findsCauses: Bool
    /// The rhythm of the connector.
    package let syncIntervalMinutes: Int
    /// How far back each evaluation looks again for what came late.
    package let evaluationMinutes: Int
    package let deadLetterQueueURL: String?
    /// For dead letters too large for a queue.
    package let deadLetterBucket: String?
    package let recordScope: RecordScope
    /// How long records in the state table and documents in Q's index are kept.
    package let retentionDays: Int
    package let notificationTopicArn: String?
    package let eventBusName: String?
    package let slackWebhookSecretArn: String?
    package let teamsWebhookSecretArn: String?
    package let memberRoleName: String
    package let memberRoleExternalId: String?
    package let insightProvider: InsightProvider
    package let bedrockModelId: String?
    /// Bytes of one `_bulk` body before compression.
    package let bulkMaxBytes: Int
    package let bulkGzip: Bool
    /// ARN of an event bus or a function.
    package let earlySignalTarget: String?
    package let responseMode: ResponseMode
    /// From the file that `USAGE_CATALOG` names.
    private let ownCatalog: UsageCatalog?

    /// What is watched.
    ///
    /// The catalog that is compiled in is read when it is first asked for, so that a process is ready before.
    package var catalog: UsageCatalog { ownCatalog ?? Self.builtInCatalog }

    /// Whether only watched records are kept: without a domain no others have a home.
    package var keepsWatchedOnly: Bool { recordScope == .watched || openSearchEndpoint == nil }

    private static let builtInCatalog: UsageCatalog = {
        do throws(CatalogFailure) {
            return try UsageCatalog.builtIn()
        } catch {
            // It changes with the program alone, whose tests read it.
            preconditionFailure("built-in catalog: \(error)")
        }
    }()

    /// Bytes that the smallest domains take in one request, with room for headers (AWS, "Amazon OpenSearch Service quotas").
    package static let largestBulk = 9 << 20

    /// Reads the environment.
    ///
    /// - Parameters:
    ///   - environment: What a function is told.
    ///   - required: Keys that this function cannot do without.
    /// - Throws: `SettingsFailure` with every key that is missing or cannot be used.
    package init(environment: [String: String], requiring required: [SettingsKey] = []) throws(SettingsFailure) {
        var reader = SettingsReader(environment)
        for key in required where reader.text(key) == nil {
            reader.note("\(key.rawValue): not set; this function needs it")
        }
        openSearchEndpoint = reader.endpoint(.openSearchEndpoint)
        stateTable = reader.text(.stateTable, allowed: "a table name of 3 to 255 letters, digits, _ . -", Self.isTable)
        if reader.text(.openSearchEndpoint) == nil, reader.text(.stateTable) == nil {
            reader.note(
                "OPENSEARCH_ENDPOINT, STATE_TABLE: neither is set; give the domain's https URL, the name of a DynamoDB table, or both"
            )
        }
        enrichesAccounts = reader.flag(.enableAccountEnrichment, standard: true)
        enrichesOrganization = reader.flag(.enableOrgContext, standard: true)
        organizationId = reader.text(.organizationId, allowed: "an organization's id, as in o-a1b2c3d4e5") {
            $0.hasPrefix("o-") && (12...34).contains($0.utf8.count) && Self.isLowercase($0.dropFirst(2))
        }
        qApplicationId = reader.text(.qApplicationId, allowed: "an application's id of 36 characters", Self.isQId)
        qIndexId = reader.text(.qIndexId, allowed: "an index's id of 36 characters", Self.isQId)
        pricesIncidents = reader.flag(.enableCostAnalysis, standard: true)
        findsCauses = reader.flag(.enableRootCauseAnalysis, standard: true)
        syncIntervalMinutes = reader.whole(.syncIntervalMinutes, in: 1...1440, standard: 15)
        evaluationMinutes = reader.whole(.anomalyEvalMinutes, in: 10...1440, standard: 80)
        deadLetterQueueURL = reader.text(.deadLetterQueueURL, allowed: "the https URL of an SQS queue") {
            $0.hasPrefix("https://") || $0.hasPrefix("http://127.0.0.1:") || $0.hasPrefix("http://localhost:")
        }
        deadLetterBucket = reader.text(.deadLetterBucket, allowed: "a bucket name of 3 to 63 characters") {
            (3...63).contains($0.utf8.count) && $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x2F }
        }
        recordScope = reader.choice(.recordScope, standard: .all)
        retentionDays = reader.whole(.retentionDays, in: 1...3650, standard: 90)
        notificationTopicArn = reader.arn(.notificationTopicArn, of: ["sns"])
        eventBusName = reader.text(.eventBusName)
        slackWebhookSecretArn = reader.arn(.slackWebhookSecretArn, of: ["secretsmanager"])
        teamsWebhookSecretArn = reader.arn(.teamsWebhookSecretArn, of: ["secretsmanager"])
        memberRoleName =
            reader.text(.memberRoleName, allowed: "a role name of 1 to 64 characters") {
                (1...64).contains($0.utf8.count) && $0.utf8.allSatisfy(Self.isRoleCharacter)
            } ?? "AnomalyDetectorReadRole"
        memberRoleExternalId = reader.text(.memberRoleExternalId, allowed: "an external id of 2 to 1224 characters") {
            (2...1224).contains($0.utf8.count)
        }
        insightProvider = reader.choice(.insightProvider, standard: .template)
        bedrockModelId = reader.text(.bedrockModelId)
        if insightProvider == .bedrock, bedrockModelId == nil {
            reader.note("BEDROCK_MODEL_ID: not set; give a model or inference profile, or another INSIGHT_PROVIDER")
        }
        if insightProvider == .qbusiness, reader.text(.qApplicationId) == nil {
            reader.note("Q_APPLICATION_ID: not set; give an application's id, or another INSIGHT_PROVIDER")
        }
        bulkMaxBytes = reader.whole(.bulkMaxBytes, in: 64 << 10...Self.largestBulk, standard: 5 << 20)
        bulkGzip = reader.flag(.bulkGzip, standard: true)
        earlySignalTarget = reader.arn(.earlySignalTarget, of: ["events", "lambda"])
        responseMode = reader.choice(.responseMode, standard: .off)
        ownCatalog = Self.catalog(&reader)
        do throws(AccessFailure) { _ = try Log.Level(environment: environment) } catch { reader.note("\(error)") }
        guard reader.problems.isEmpty else { throw SettingsFailure(problems: reader.problems) }
    }

    /// What is in the file that `USAGE_CATALOG` names.
    private static func catalog(_ reader: inout SettingsReader) -> UsageCatalog? {
        guard let path = reader.text(.usageCatalog) else { return nil }
        do {
            return try UsageCatalog(json: try FileBytes.whole(path, wanted: .catalog))
        } catch let failure as CatalogFailure {
            for problem in failure.problems { reader.note("USAGE_CATALOG: \(problem)") }
        } catch {
            reader.note("USAGE_CATALOG: \(error)")
        }
        return nil
    }

    private static func isTable(_ text: String) -> Bool {
        (3...255).contains(text.utf8.count) && text.utf8.allSatisfy { isLetterOrDigit($0) || "_.-".utf8.contains($0) }
    }

    private static func isQId(_ text: String) -> Bool {
        text.utf8.count == 36 && text.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isRoleCharacter(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || "+=,.@_-".utf8.contains(byte)
    }

    private static func isLowercase(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
