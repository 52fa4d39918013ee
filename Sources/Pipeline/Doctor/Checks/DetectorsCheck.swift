import AWSAccess
import UsageCore

/// Whether the domain's detectors run, and its monitors are there to tell of what they find.
///
/// The embedded engine finds anomalies without them; they are a channel beside it.
struct DetectorsCheck: DeploymentCheck {
    let name = "detectors"

    /// A detector or monitor of ours.
    struct Part: Equatable {
        let name: String
        /// `RUNNING`, `INIT`, `DISABLED`, empty where it was never started; for a monitor `RUNNING` or `DISABLED`.
        let state: String
        /// What the plugin says against it.
        var error = ""
    }

    /// What the domain answered; nil for what it lacks altogether.
    struct Answers {
        var detectors: [Part]?
        var monitors: [Part]?
        /// Whether the channel from monitors to the processor is there; nil where that is not known.
        var hasChannel: Bool?
        var problems: [Finding.Problem] = []
    }

    private static let prefix = "usage-"

    func finding(_ deployment: Deployment, deadline: ContinuousClock.Instant) async throws -> Finding {
        let settings = try deployment.needSettings()
        guard let endpoint = settings.openSearchEndpoint else { return DomainCheck.noDomain }
        if DomainCheck.isServerless(endpoint) { return .off("a serverless collection has no detectors of our kind") }
        var answers = Answers()
        let domain = deployment.domain(endpoint, deadline: deadline)
        let all: AWSAccess.JSONValue = ["size": 1000, "query": ["match_all": [:]]]
        let found = try await domain.ask(.post, "\(DetectorPart.path)/_search", all, isSafeToRepeat: true)
        if let hits = Self.hits(found, "detectors", &answers) {
            answers.detectors = []
            for (id, source) in hits {
                guard let name = source["name"]?.string, name.hasPrefix(Self.prefix) else { continue }
                let profile = try await domain.ask(.get, "\(DetectorPart.path)/\(PercentEncoding.encode(id))/_profile")
                let state = profile.json?["state"]?.string ?? ""
                let error = profile.json?["error"]?.string ?? profile.refusal ?? ""
                answers.detectors?.append(Part(name: name, state: state, error: error))
            }
        }
        let monitors = try await domain.ask(.post, "\(MonitorPart.path)/_search", all, isSafeToRepeat: true)
        if let hits = Self.hits(monitors, "monitors", &answers) {
            answers.monitors = hits.compactMap { _, source in
                // The index holds a monitor as such or within `monitor`, as the version is.
                let monitor = source["monitor"] ?? source
                guard let name = monitor["name"]?.string, name.hasPrefix(Self.prefix) else { return nil }
                return Part(name: name, state: monitor["enabled"]?.bool == false ? "DISABLED" : "RUNNING")
            }
        }
        let channel = try await domain.ask(.get, ChannelPart.address)
        answers.hasChannel = channel.status == 404 ? false : channel.refusal == nil ? true : nil
        return Self.judge(answers, wanted: DetectorBodies.all(settings.catalog).map(\.name))
    }

    /// What a search found, by id; nil where the plugin is not there or does not answer.
    private static func hits(
        _ answer: DomainClient.Reply,
        _ what: String,
        _ answers: inout Answers
    ) -> [(id: String, source: AWSAccess.JSONValue)]? {
        // Before the first one the plugin has no index.
        if answer.status == 404 { return [] }
        if answer.isUnknownPath { return nil }
        guard answer.refusal == nil, let hits = answer.json?["hits"]?["hits"]?.array else {
            answers.problems.append(answer.problem("the \(what)"))
            return nil
        }
        return hits.compactMap { hit in
            guard let id = hit["_id"]?.string, let source = hit["_source"] else { return nil }
            return (id, source)
        }
    }

    /// `wanted`: the detectors that the catalog asks for.
    static func judge(_ answers: Answers, wanted: [String]) -> Finding {
        var problems = answers.problems
        let provision =
            "anomalyctl provision, or deploy again, which starts what is stopped; a detector needs a first record to look at"
        guard let detectors = answers.detectors else {
            guard problems.isEmpty else { return Finding("not looked at", problems: problems) }
            return .off("the domain has no anomaly detection: the embedded engine works alone")
        }
        let running = detectors.filter { DetectorPart.isRunning($0.state) }
        let missing = wanted.filter { name in !detectors.contains { $0.name == name } }
        if !missing.isEmpty {
            let what = "\(Counted.text(missing.count, "detectors")) missing: \(missing.joined(separator: ", "))"
            problems.append(.init(.broken, what, fix: provision))
        }
        for detector in detectors where !DetectorPart.isRunning(detector.state) {
            let state = detector.state.isEmpty ? "was never started" : "is \(detector.state)"
            problems.append(.init(.broken, "\(detector.name) \(state)", fix: provision))
        }
        for detector in detectors where DetectorPart.isRunning(detector.state) && !detector.error.isEmpty {
            let fix = "look at the detector in OpenSearch Dashboards; a reason may pass by itself"
            problems.append(.init(.warning, "\(detector.name): \(detector.error)", fix: fix))
        }
        if let monitors = answers.monitors {
            if monitors.isEmpty {
                problems.append(.init(.warning, "no monitor tells of what detectors find", fix: provision))
            }
            for monitor in monitors where !DetectorPart.isRunning(monitor.state) {
                problems.append(.init(.warning, "the monitor \(monitor.name) is off", fix: provision))
            }
        }
        if answers.hasChannel == false {
            let what = "the channel \(ChannelPart.id), by which monitors reach the processor, is missing"
            problems.append(.init(.warning, what, fix: provision))
        }
        let monitors = answers.monitors.map { ", \(Counted.text($0.count, "monitors"))" } ?? ""
        return Finding(
            "\(running.count) of \(max(wanted.count, detectors.count)) detectors run\(monitors)",
            details: detectors.sorted { $0.name < $1.name }.map {
                "\($0.name): \($0.state.isEmpty ? "never started" : $0.state)"
            },
            problems: problems
        )
    }
}
