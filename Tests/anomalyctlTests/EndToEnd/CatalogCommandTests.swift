import TestSupport
import Testing
import UsageCore

@testable import anomalyctl

@Suite struct CatalogCommandTests {
    @Test func `check lists every usage and says that the catalog is in order`() throws {
        let run = try ProgramRun("catalog check")
        let usages = try UsageCatalog.builtIn().usages
        #expect(run.code == 0)
        for usage in usages { #expect(run.output.contains("  \(usage.name) ")) }
        #expect(run.output.contains("\(usages.count) usages, "))
        let lines = try ProgramRun("catalog check --format json").output.split(separator: "\n")
        #expect(try lines.map { try JSONValue.parse(Array($0.utf8))["name"]?.string } == usages.map(\.name))
    }

    /// OpenSearch takes at most 10 detectors with two category fields; its periods are in minutes.
    @Test func `detectors are at most ten bodies with periods in minutes`() throws {
        let lines = try ProgramRun("catalog detectors").output.split(separator: "\n")
        #expect((1...10).contains(lines.count))
        var names: Set<String> = []
        for line in lines {
            let body = try JSONValue.parse(Array(line.utf8))
            names.insert(try #require(body["name"]?.string))
            for key in ["detection_interval", "window_delay"] {
                #expect(body[key]?["period"]?["unit"]?.string == "Minutes")
                #expect((body[key]?["period"]?["interval"]?.number ?? 0) >= 1)
            }
            #expect((1...2).contains(body["category_field"]?.array?.count ?? 0))
        }
        #expect(names.count == lines.count)
    }

    @Test func `the template is one JSON body whose mapping does not grow`() throws {
        let run = try ProgramRun("catalog template")
        let body = try JSONValue.parse(Array(run.output.utf8))
        #expect(body["index_patterns"] == .array([.string("usage-records-*")]))
        #expect(body["template"]?["mappings"]?["dynamic"]?.bool == false)
    }

    @Test func `the index template of incidents is printed too`() throws {
        let run = try ProgramRun("catalog template --index incidents")
        #expect(run.code == 0)
        let json = try JSONValue.parse(Array(run.output.utf8))
        #expect(json["index_patterns"]?.array?.first?.string == "usage-incidents")
        let properties = json["template"]?["mappings"]?["properties"]
        #expect(properties?["incidentId"]?["type"]?.string == "keyword")
        #expect(properties?["thread"]?["properties"]?["mergedInto"]?["type"]?.string == "keyword")
    }

    @Test func `dashboards prints what stands in Infrastructure for an import by hand`() throws {
        let run = try ProgramRun("catalog dashboards")
        #expect(run.code == 0)
        let file = try Folder.bytes(SharedData.packageRoot + "/Infrastructure/dashboards.ndjson")
        #expect(
            run.output == String(decoding: file, as: UTF8.self),
            "write it anew: anomalyctl catalog dashboards > Infrastructure/dashboards.ndjson"
        )
    }

    @Test func `a catalog of one's own that is wrong is told line by line with the file's name`() throws {
        let run = try ProgramRun(
            "catalog check --catalog '\(SharedData.packageRoot)/Tests/Fixtures/by-hand/labels.json'"
        )
        #expect(run.code == 1)
        #expect(run.output.isEmpty)
        #expect(!run.messages.isEmpty)
        for line in run.messages.split(separator: "\n") { #expect(line.contains("labels.json: ")) }
    }
}
