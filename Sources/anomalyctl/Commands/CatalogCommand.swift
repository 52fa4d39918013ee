import Pipeline
import UsageCore

/// `anomalyctl catalog`: what is watched, and what OpenSearch has to know of it.
enum CatalogCommand {
    static let declaration = Command(
        name: "catalog",
        summary:
            "check the usage catalog; print detectors, template, dashboards or filter made from it",
        operands: .init(
            name: "check|detectors|template|dashboards|filter",
            count: 1...1,
            help: "what to do",
            choices: ["check", "detectors", "template", "dashboards", "filter"]
        ),
        options: [
            .init(name: "--catalog", value: "FILE", help: "a catalog of your own instead of the one that is built in"),
            .init(name: "--format", value: "F", help: "text or json", choices: ["text", "json"], standard: "text"),
            .init(
                name: "--index",
                value: "I",
                help: "whose template is printed: records or incidents",
                choices: ["records", "incidents"],
                standard: "records"
            ),
        ],
        explanation: """
            The catalog says what is watched: events, quantities, intervals, thresholds, prices, causes, advice. Adding an
            API is adding an entry. check reports every violation with its path and what is allowed there.

            detectors prints the bodies of OpenSearch anomaly detectors, one a line; template prints the body of the index
            template for usage-records-*, or with --index incidents that for usage-incidents. dashboards prints the saved
            objects of OpenSearch Dashboards, one a line, as its import takes them. filter prints the pattern of a CloudWatch
            Logs subscription filter that lets through what RECORD_SCOPE=watched keeps.

            Example:
              anomalyctl catalog check --catalog my-catalog.json
            """,
        run: run
    )

    private static func run(_ arguments: Arguments) async throws -> ExitCode {
        let path = arguments.text("--catalog")
        let catalog: UsageCatalog
        do {
            catalog =
                try path.map { try UsageCatalog(json: FileBytes.whole($0, wanted: .catalog)) } ?? UsageCatalog.builtIn()
        } catch let failure as CatalogFailure {
            for problem in failure.problems { Console.say("\(path ?? "built-in catalog"): \(problem)") }
            return .failed
        }
        switch arguments.operands[0] {
        case "detectors": for detector in DetectorBodies.all(catalog) { try Console.print(detector.json) }
        case "template":
            let isOfIncidents = arguments.text("--index") == "incidents"
            try Console.print(isOfIncidents ? IncidentTemplate.json : IndexTemplate.json(catalog))
        case "dashboards": try Console.print(String(UsageDashboards(catalog).ndjson().dropLast()))
        case "filter":
            let pattern = FilterPattern.text(catalog)
            guard pattern.utf8.count <= FilterPattern.longest else {
                throw CommandFailure.at(
                    "filter",
                    "too long (\(pattern.utf8.count) characters, CloudWatch Logs takes \(FilterPattern.longest)); watch fewer events, or subscribe to all"
                )
            }
            try Console.print(pattern)
        default: try check(catalog, isJSON: arguments.text("--format") == "json")
        }
        return .done
    }

    private static func check(_ catalog: UsageCatalog, isJSON: Bool) throws {
        guard !isJSON else {
            for usage in catalog.usages {
                var json = JSONText()
                json.object { json in
                    json.name("name")
                    json.string(usage.name)
                    json.name("title")
                    json.string(usage.title)
                    json.name("unit")
                    json.string(usage.unit)
                    json.name("interval")
                    json.string(Interval.text(usage.detector.intervalSeconds))
                }
                try Console.print(json.text)
            }
            return
        }
        let width = catalog.usages.map(\.name.count).max() ?? 0
        for usage in catalog.usages {
            try Console.print(
                "  " + usage.name + String(repeating: " ", count: width - usage.name.count + 2)
                    + "\(usage.unit) every \(Interval.text(usage.detector.intervalSeconds)): \(usage.eventNames.joined(separator: ", "))"
            )
        }
        let (usages, causes) = (
            Counted.text(catalog.usages.count, "usages"), Counted.text(catalog.causes.count, "causes")
        )
        try Console.print("\(usages), \(causes): the catalog is in order")
    }
}
