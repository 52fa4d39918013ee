/// AWS CloudTrail: what trails there are and whether they record (CloudTrail API Reference, version 2013-11-01).
package struct CloudTrail: Sendable {
    /// How a trail is set up.
    package struct Trail: Sendable, Equatable {
        package let name: String
        package let arn: String
        package let homeRegion: String
        package let isOrganizationTrail: Bool
        package let isMultiRegion: Bool
        /// Where CloudTrail writes its records in CloudWatch Logs; nil where it does not.
        package let logGroupArn: String?
        /// The bucket of its files.
        package let bucket: String?

        /// Takes the parts as they are.
        package init(
            name: String,
            arn: String,
            homeRegion: String,
            isOrganizationTrail: Bool,
            isMultiRegion: Bool,
            logGroupArn: String?,
            bucket: String?
        ) {
            self.name = name
            self.arn = arn
            self.homeRegion = homeRegion
            self.isOrganizationTrail = isOrganizationTrail
            self.isMultiRegion = isMultiRegion
            self.logGroupArn = logGroupArn
            self.bucket = bucket
        }

        init?(_ json: JSONValue) {
            guard let name = json["Name"]?.string, let arn = json["TrailARN"]?.string else { return nil }
            self.init(
                name: name,
                arn: arn,
                homeRegion: json["HomeRegion"]?.string ?? "",
                isOrganizationTrail: json["IsOrganizationTrail"]?.bool ?? false,
                isMultiRegion: json["IsMultiRegionTrail"]?.bool ?? false,
                logGroupArn: json["CloudWatchLogsLogGroupArn"]?.string.flatMap { $0.isEmpty ? nil : $0 },
                bucket: json["S3BucketName"]?.string
            )
        }
    }

    private let service: AWSService

    /// The service as the session sees it.
    package init(session: AWSSession) { service = AWSService(Self.identity, session: session) }

    private static let identity = ServiceIdentity(
        name: "CloudTrail",
        endpointKey: "CLOUDTRAIL",
        hostPrefix: "cloudtrail"
    )
    private static let dialect = JSONDialect(
        version: "1.1",
        target: "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"
    )

    /// The trails that record in this Region, those of other Regions and of the organization with them.
    package func trails(deadline: ContinuousClock.Instant) async throws(ServiceFailure) -> [Trail] {
        let operation = "DescribeTrails"
        let output = try await call(operation, ["includeShadowTrails": .bool(true)], deadline: deadline)
        var trails: [Trail] = []
        for json in output["trailList"]?.array ?? [] {
            guard let trail = Trail(json) else { throw service.lacks("Name or TrailARN", operation) }
            trails.append(trail)
        }
        return trails
    }

    /// Whether a trail records, and what became of what it delivered.
    ///
    /// - Parameters:
    ///   - trail: Its ARN: a name alone is looked for in this account and Region only.
    ///   - deadline: When the last try must have ended.
    /// - Returns: The status.
    /// - Throws: `ServiceFailure`, of the kind `notFound` where there is no such trail.
    package func status(
        of trail: String,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> TrailStatus {
        let operation = "GetTrailStatus"
        let output = try await call(operation, ["Name": .string(trail)], deadline: deadline)
        guard let status = TrailStatus(output) else { throw service.lacks("IsLogging", operation) }
        return status
    }

    /// Which events a trail records.
    package func eventSelectors(
        of trail: String,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> TrailSelectors {
        TrailSelectors(try await call("GetEventSelectors", ["TrailName": .string(trail)], deadline: deadline))
    }

    private func call(
        _ operation: String,
        _ input: JSONValue,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> JSONValue {
        try await service.json(operation, Self.dialect, input, isSafeToRepeat: true, deadline: deadline)
    }
}
