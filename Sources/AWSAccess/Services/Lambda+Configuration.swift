extension Lambda {
    /// How a function is deployed.
    package struct FunctionConfiguration: Sendable, Equatable {
        package let arn: String
        /// `Active`, `Pending`, `Inactive`, `Failed`; empty where Lambda does not say.
        package let state: String
        package let stateReason: String
        /// `Successful`, `InProgress`, `Failed`; empty where Lambda does not say.
        package let lastUpdate: String
        package let lastUpdateReason: String
        /// When code or settings were last changed.
        package let lastModified: WallTime?
        /// SHA-256 of the package, in Base64.
        package let codeSHA256: String
        /// `x86_64` or `arm64`.
        package let architecture: String
        package let memoryMiB: Int
        /// The environment; empty where the caller may not read it.
        package let environment: [String: String]

        /// Takes the parts as they are.
        package init(
            arn: String,
            state: String = "Active",
            stateReason: String = "",
            lastUpdate: String = "Successful",
            lastUpdateReason: String = "",
            lastModified: WallTime? = nil,
            codeSHA256: String = "",
            architecture: String = "x86_64",
            memoryMiB: Int = 512,
            environment: [String: String] = [:]
        ) {
            self.arn = arn
            self.state = state
            self.stateReason = stateReason
            self.lastUpdate = lastUpdate
            self.lastUpdateReason = lastUpdateReason
            self.lastModified = lastModified
            self.codeSHA256 = codeSHA256
            self.architecture = architecture
            self.memoryMiB = memoryMiB
            self.environment = environment
        }

        init?(_ json: JSONValue) {
            guard let arn = json["FunctionArn"]?.string else { return nil }
            func text(_ name: String) -> String { json[name]?.string ?? "" }
            var environment: [String: String] = [:]
            if case .object(let members)? = json["Environment"]?["Variables"] {
                for member in members { environment[member.name] = member.value.string }
            }
            self.init(
                arn: arn,
                state: text("State"),
                stateReason: text("StateReason"),
                lastUpdate: text("LastUpdateStatus"),
                lastUpdateReason: text("LastUpdateStatusReason"),
                lastModified: Self.time(text("LastModified")),
                codeSHA256: text("CodeSha256"),
                architecture: json["Architectures"]?.array?.first?.string ?? "x86_64",
                memoryMiB: json["MemorySize"]?.int ?? 0,
                environment: environment
            )
        }

        /// Lambda writes `2026-10-05T14:00:00.000+0000`, without the colon that RFC 3339 has.
        private static func time(_ text: String) -> WallTime? {
            guard text.utf8.suffix(5).first.map({ "+-".utf8.contains($0) }) == true else {
                return WallTime(rfc3339: text)
            }
            return WallTime(rfc3339: text.dropLast(2) + ":" + text.suffix(2))
        }
    }

    /// Something that Lambda reads for a function.
    package struct EventSource: Sendable, Equatable {
        package let arn: String
        /// `Enabled`, `Disabled`, `Creating`, ...
        package let state: String
        /// What the last reading came to; `OK`, `No records processed`, or a problem.
        package let lastResult: String

        /// Takes the parts as they are.
        package init(arn: String, state: String, lastResult: String = "") {
            self.arn = arn
            self.state = state
            self.lastResult = lastResult
        }
    }

    /// How a function is deployed; of the kind `notFound` where there is none of that name.
    package func configuration(
        of function: String,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> FunctionConfiguration {
        let operation = "GetFunctionConfiguration"
        let service = AWSService(Self.identity(.event), session: session)
        let output = try await service.rest(
            operation,
            .get,
            ["2015-03-31", "functions", function, "configuration"],
            nil,
            isSafeToRepeat: true,
            deadline: deadline
        )
        guard let configuration = FunctionConfiguration(output) else { throw service.lacks("FunctionArn", operation) }
        return configuration
    }

    /// The queues and streams that Lambda reads for a function.
    package func eventSources(
        of function: String,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> [EventSource] {
        let operation = "ListEventSourceMappings"
        let service = AWSService(Self.identity(.event), session: session)
        var sources: [EventSource] = []
        var query = [(name: "FunctionName", value: function)]
        for _ in 0..<Self.mostPages {
            let output = try await service.rest(
                operation,
                .get,
                ["2015-03-31", "event-source-mappings"],
                query: PercentEncoding.query(query),
                nil,
                isSafeToRepeat: true,
                deadline: deadline
            )
            for json in output["EventSourceMappings"]?.array ?? [] {
                guard let arn = json["EventSourceArn"]?.string else { continue }
                let result = json["LastProcessingResult"]?.string ?? ""
                sources.append(EventSource(arn: arn, state: json["State"]?.string ?? "", lastResult: result))
            }
            guard let next = output["NextMarker"]?.string, !next.isEmpty else { return sources }
            query = [query[0], (name: "Marker", value: next)]
        }
        throw service.lacks("end after \(Self.mostPages) pages", operation)
    }

    /// Where events go that a function failed on; nil where nowhere.
    package func failureDestination(
        of function: String,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> String? {
        let service = AWSService(Self.identity(.event), session: session)
        do throws(ServiceFailure) {
            let output = try await service.rest(
                "GetFunctionEventInvokeConfig",
                .get,
                ["2019-09-25", "functions", function, "event-invoke-config"],
                nil,
                isSafeToRepeat: true,
                deadline: deadline
            )
            return output["DestinationConfig"]?["OnFailure"]?["Destination"]?.string
        } catch {
            guard error.kind == .notFound else { throw error }
            return nil
        }
    }

    private static let mostPages = 100
}
