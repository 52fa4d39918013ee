import AWSAccess
import TestSupport
import Testing
import UsageCore

@testable import Pipeline

/// The saved objects as Dashboards will read them: ids, references, fields, and what belongs to the catalog.
@Suite struct UsageDashboardsTests {
    private func lines(_ catalog: UsageCatalog? = nil) throws -> [AWSAccess.JSONValue] {
        let text = try UsageDashboards(catalog ?? UsageCatalog.builtIn()).ndjson()
        return try text.split(separator: "\n").map { try inner(.string(String($0))) }
    }

    /// The JSON that a text of JSON holds.
    private func inner(_ json: AWSAccess.JSONValue?) throws -> AWSAccess.JSONValue {
        let value = AWSAccess.JSONValue(Array((json?.string ?? "").utf8))
        return try #require(value)
    }

    @Test func `every id stands once, and every reference names an object of the file`() throws {
        let objects = try lines()
        let ids = objects.map { "\($0["type"]?.string ?? "")/\($0["id"]?.string ?? "")" }
        #expect(Set(ids).count == ids.count)
        for object in objects {
            for reference in object["references"]?.array ?? [] {
                #expect(ids.contains("\(reference["type"]?.string ?? "")/\(reference["id"]?.string ?? "")"))
            }
        }
    }

    /// Dashboards finds an object by the name of its reference, which has to stand in the text that uses it.
    @Test func `texts use the names of references, each of them and no other`() throws {
        for object in try lines() {
            let attributes = object["attributes"]
            var used: Set<String> = []
            for panel in try attributes?["panelsJSON"].map({ try inner($0) })?.array ?? [] {
                used.insert(try #require(panel["panelRefName"]?.string))
            }
            if let text = attributes?["kibanaSavedObjectMeta"]?["searchSourceJSON"] {
                let source = try inner(text)
                if let name = source["indexRefName"]?.string { used.insert(name) }
                for filter in source["filter"]?.array ?? [] {
                    used.insert(try #require(filter["meta"]?["indexRefName"]?.string))
                }
            }
            #expect(used == Set((object["references"]?.array ?? []).compactMap { $0["name"]?.string }))
        }
    }

    @Test func `panels lie in the grid without covering each other`() throws {
        for object in try lines() where object["type"]?.string == "dashboard" {
            var taken: Set<[Int]> = []
            for panel in try inner(object["attributes"]?["panelsJSON"]).array ?? [] {
                let grid = panel["gridData"]
                let (x, y) = (grid?["x"]?.int ?? -1, grid?["y"]?.int ?? -1)
                let (width, height) = (grid?["w"]?.int ?? 0, grid?["h"]?.int ?? 0)
                #expect(x >= 0 && y >= 0 && x + width <= 48 && width >= 12 && height >= 5)
                for column in x..<(x + width) {
                    for row in y..<(y + height) { #expect(taken.insert([column, row]).inserted) }
                }
            }
        }
    }

    @Test func `every dashboard has a text for its readers, and every panel says what it shows`() throws {
        for dashboard in UsageDashboards(try UsageCatalog.builtIn()).all {
            #expect(!dashboard.text.isEmpty)
            #expect(dashboard.panels.contains { if case .text = $0.content { true } else { false } })
            for panel in dashboard.panels { #expect(panel.text.count > 10 && !panel.title.isEmpty, "\(panel.name)") }
        }
    }

    @Test func `every division and number is of a field that its index pattern can aggregate`() throws {
        let objects = try lines()
        var fields: [String: [String: AWSAccess.JSONValue]] = [:]
        for pattern in objects where pattern["type"]?.string == "index-pattern" {
            let all = try inner(pattern["attributes"]?["fields"]).array ?? []
            fields[pattern["id"]?.string ?? ""] = all.reduce(into: [:]) { $0[$1["name"]?.string ?? ""] = $1 }
            let time = try #require(pattern["attributes"]?["timeFieldName"]?.string)
            #expect(fields[pattern["id"]?.string ?? ""]?[time]?["type"]?.string == "date")
        }
        var checked = 0
        for object in objects where object["attributes"]?["visState"] != nil {
            let pattern = object["references"]?.array?.first?["id"]?.string ?? ""
            for part in try inner(object["attributes"]?["visState"])["aggs"]?.array ?? [] {
                guard let name = part["params"]?["field"]?.string else { continue }
                let field = try #require(fields[pattern]?[name], "\(pattern) has no \(name)")
                #expect(field["aggregatable"]?.bool == true)
                if ["sum", "avg"].contains(part["type"]?.string) { #expect(field["type"]?.string == "number") }
                checked += 1
            }
        }
        #expect(checked > 100)
    }

    @Test func `a usage added to the catalog has a panel and a filter of its own`() throws {
        let path = SharedData.packageRoot + "/Sources/UsageCore/Catalog/usage-catalog.json"
        let text = String(decoding: try Folder.bytes(path), as: UTF8.self)
        let catalog = try UsageCatalog(
            json: Array(
                text.replacing(/"name": *"ec2-run-instances"/, with: #""name": "ec2-run-more""#, maxReplacements: 1)
                    .utf8
            )
        )
        let objects = try lines(catalog)
        let ids = objects.compactMap { $0["id"]?.string }
        #expect(ids.contains("usage-anomalies-usage-ec2-run-more"))
        #expect(!ids.contains("usage-anomalies-usage-ec2-run-instances"))
        let usages = try #require(objects.first { $0["id"]?.string == "usage-anomalies-trends-usages" })
        #expect(usages["attributes"]?["visState"]?.string?.contains(#"usage.name:\"ec2-run-more\""#) == true)
        let before = try #require(try lines().first { $0["id"]?.string == "usage-anomalies-trends-usages" })
        #expect(before["attributes"]?["description"] != usages["attributes"]?["description"])
    }
}
