import AWSAccess
import UsageCore

/// What a domain is to be set up with: the properties of the custom resource, or the options of the command.
package struct ProvisionRequest: Equatable, Sendable {
    /// Where monitors tell the processor; nil for no channel and no monitors.
    package var alertTopicArn: String?
    /// The role by which a managed domain publishes to the topic.
    package var channelRoleArn: String?
    /// IAM roles that write records.
    package var writers: [String] = []
    /// IAM roles that read incidents and keep checkpoints beside them.
    package var readers: [String] = []
    /// IAM roles of people at Dashboards: they read everything and write nothing.
    package var viewers: [String] = []
    /// How long records are kept.
    package var retentionDays: Int = 90
    /// Whether removing the set-up removes records and incidents too.
    package var deletesRecords = false

    package init() {}

    /// Reads the properties of a custom resource, all of which come as texts; empty ones count as not given.
    package init(properties: AWSAccess.JSONValue) throws(ProvisionFailure) {
        func text(_ name: String) -> String? {
            properties[name]?.string.flatMap { $0.isEmpty ? nil : $0 }
        }
        alertTopicArn = text("AlertTopicArn")
        channelRoleArn = text("ChannelRoleArn")
        writers = text("WriterRoleArn").map { [$0] } ?? []
        readers = text("ReaderRoleArn").map { [$0] } ?? []
        viewers = text("DashboardsRoleArn").map { [$0] } ?? []
        if let days = text("RetentionDays") {
            guard let number = Int(days), (1...3650).contains(number) else {
                throw .badProperty(name: "RetentionDays", value: days, allowed: "1 to 3650")
            }
            retentionDays = number
        }
        deletesRecords = text("DeleteRecords") == "true"
        for (name, arn) in [
            ("AlertTopicArn", alertTopicArn), ("ChannelRoleArn", channelRoleArn), ("WriterRoleArn", writers.first),
            ("ReaderRoleArn", readers.first), ("DashboardsRoleArn", viewers.first),
        ] {
            if let arn, !arn.hasPrefix("arn:") { throw .badProperty(name: name, value: arn, allowed: "an ARN") }
        }
    }
}
