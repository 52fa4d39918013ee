/// Whether a trail records, and what its deliveries came to.
package struct TrailStatus: Sendable, Equatable {
    package let isLogging: Bool
    /// Why the last file could not be written into the bucket; nil where it could.
    package let fileError: String?
    /// Why the last records could not be written into the log group; nil where they could.
    package let logGroupError: String?
    package let lastFile: WallTime?
    package let lastLogGroupDelivery: WallTime?

    /// Takes the parts as they are.
    package init(
        isLogging: Bool,
        fileError: String? = nil,
        logGroupError: String? = nil,
        lastFile: WallTime? = nil,
        lastLogGroupDelivery: WallTime? = nil
    ) {
        self.isLogging = isLogging
        self.fileError = fileError
        self.logGroupError = logGroupError
        self.lastFile = lastFile
        self.lastLogGroupDelivery = lastLogGroupDelivery
    }

    init?(_ json: JSONValue) {
        guard let isLogging = json["IsLogging"]?.bool else { return nil }
        func text(_ name: String) -> String? { json[name]?.string.flatMap { $0.isEmpty ? nil : $0 } }
        func time(_ name: String) -> WallTime? {
            json[name]?.double.flatMap { abs($0) < 1e12 ? WallTime(milliseconds: Int64($0 * 1000)) : nil }
        }
        self.init(
            isLogging: isLogging,
            fileError: text("LatestDeliveryError"),
            logGroupError: text("LatestCloudWatchLogsDeliveryError"),
            lastFile: time("LatestDeliveryTime"),
            lastLogGroupDelivery: time("LatestCloudWatchLogsDeliveryTime")
        )
    }
}

/// Which events a trail records, as far as it matters here.
package struct TrailSelectors: Sendable, Equatable {
    /// Whether calls that change something are recorded.
    package let takesManagementWrites: Bool
    /// Whether invocations of Lambda functions are recorded, all or some.
    package let takesInvocations: Bool

    /// Takes the parts as they are.
    package init(takesManagementWrites: Bool, takesInvocations: Bool) {
        self.takesManagementWrites = takesManagementWrites
        self.takesInvocations = takesInvocations
    }

    /// Reads both kinds of selectors; a trail has one of them.
    init(_ json: JSONValue) {
        var (writes, invocations) = (false, false)
        for selector in json["EventSelectors"]?.array ?? [] {
            let takesWrites = selector["ReadWriteType"]?.string != "ReadOnly"
            if takesWrites, selector["IncludeManagementEvents"]?.bool ?? true { writes = true }
            let types = (selector["DataResources"]?.array ?? []).compactMap { $0["Type"]?.string }
            if takesWrites, types.contains(Self.function) { invocations = true }
        }
        for selector in json["AdvancedEventSelectors"]?.array ?? [] {
            var equals: [String: [String]] = [:]
            for field in selector["FieldSelectors"]?.array ?? [] {
                guard let name = field["Field"]?.string, let values = field["Equals"]?.array else { continue }
                equals[name] = values.compactMap(\.string)
            }
            // What changes something is marked as not read-only; a selector that wants nothing else leaves it out.
            guard equals["readOnly"] != ["true"] else { continue }
            if equals["eventCategory"]?.contains("Management") == true { writes = true }
            if equals["resources.type"]?.contains(Self.function) == true { invocations = true }
        }
        self.init(takesManagementWrites: writes, takesInvocations: invocations)
    }

    private static let function = "AWS::Lambda::Function"
}
