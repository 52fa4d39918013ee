@testable import AWSAccess
import Pipeline
import TestSupport
import Testing
import UsageCore

extension IntegrationTests {
    /// What dashboards ask of a real node, against SQL over the same records and incidents.
    @Suite struct DashboardTests {
        /// Compares what a panel's search gives with its statement; gives the number of rows.
        private func compare(_ panel: Panel, _ trial: PanelTrial) async throws -> Int {
            guard case .aggregated(_, let pattern, _, let metrics, let buckets) = panel.content,
                let search = panel.search(from: trial.from, to: trial.to)
            else { return 0 }
            let sql = try #require(PanelSQL[panel.name], "\(panel.name) has no statement")
            let found = try PanelRow.rows(try await trial.answer(search, pattern), metrics, buckets).sorted()
            let expected = try trial.rows(sql, keys: buckets.count, numbers: metrics.count).sorted()
            #expect(found.count == expected.count, "\(panel.name)")
            for (one, other) in zip(found, expected) where !one.isSame(as: other) {
                Issue.record("\(panel.name): found \(one), expected \(other)")
                break
            }
            return found.count
        }

        @Test func `every panel shows what SQL over the same records and incidents gives`() async throws {
            let trial = try await PanelTrial()
            var rows: [String: Int] = [:]
            for panel in UsageDashboards(trial.catalog).all.flatMap(\.panels) {
                rows[panel.name] = try await compare(panel, trial)
            }
            // A comparison of nothing with nothing says nothing.
            for (name, count) in rows where !name.hasSuffix("-guide") && !name.hasPrefix("usage-") {
                let isMatrix = name == "alike-likeness" || name == "alike-correlation"
                #expect(count > 0 || isMatrix, "\(name)")
            }
            #expect(rows.filter { $0.key.hasPrefix("usage-") && $0.value > 0 }.count >= 8)
            #expect(rows["ingest-apart"] == 4)
            try await compareMatrices(trial)
            try await checkFields(trial)
            #expect(try await trial.stack.violations() == [])
        }

        /// The matrices of accounts: what is asked for against SQL, and what Vega makes of it against the same sums done here.
        private func compareMatrices(_ trial: PanelTrial) async throws {
            for panel in UsageDashboards(trial.catalog).all.flatMap(\.panels) {
                guard case .vega(let vega) = panel.content,
                    let search = panel.search(from: trial.from, to: trial.to)
                else { continue }
                let answer = try await trial.answer(search, .records)
                let matrix = try AccountMatrix(answer, inner: vega == .likeness ? "usages" : "hours")
                let sql = try #require(PanelSQL[panel.name])
                let expected = try trial.rows(sql, keys: 2, numbers: 1).sorted()
                let found = matrix.rows.filter { $0.numbers != [0] }.sorted()
                #expect(found.count == expected.count && zip(found, expected).allSatisfy { $0.isSame(as: $1) })
                #expect(expected.count > 20)
                if vega == .correlation {
                    // Hours without calls are there too, as many for each account.
                    let hours = Int((trial.to - trial.from) / 3600)
                    #expect(matrix.rows.count == matrix.accounts.count * hours)
                }
                guard VegaProgram.isAvailable else { continue }
                let drawn = try VegaProgram.values(of: panel, answer)
                let computed = vega == .likeness ? matrix.likeness() : matrix.correlation()
                #expect(Set(drawn.keys) == Set(computed.keys))
                for (pair, value) in computed { #expect(abs((drawn[pair] ?? 9) - value) < 0.00051, "\(pair)") }
            }
        }

        /// The fields that index patterns name are those of the node's mapping, and of the same kind.
        private func checkFields(_ trial: PanelTrial) async throws {
            let kinds = [
                "string": ["keyword", "text", "_id", "_index"], "number": ["double", "long"], "date": ["date"],
                "boolean": ["boolean"], "ip": ["ip"], "_source": ["_source"],
            ]
            let objects = try UsageDashboards(trial.catalog).patterns()
            for (pattern, object) in zip(IndexPattern.allCases, objects) {
                let known = try await trial.stack.json(.get, "/\(pattern.title)/_field_caps", query: "fields=*")[
                    "fields"
                ]
                let text = object.attributes["fields"]?.string ?? ""
                let parsed = AWSAccess.JSONValue(Array(text.utf8))
                let fields = try #require(parsed?.array)
                for field in fields where field["scripted"]?.bool == false {
                    let name = try #require(field["name"]?.string)
                    guard case .object(let types)? = known?[name] else {
                        Issue.record("\(pattern.title) has no \(name)")
                        continue
                    }
                    #expect(types.count == 1)
                    let type = types.first
                    #expect(kinds[field["type"]?.string ?? ""]?.contains(type?.name ?? "") == true, "\(name)")
                    #expect(type?.value["aggregatable"] == field["aggregatable"], "\(name)")
                    #expect(type?.value["searchable"] == field["searchable"], "\(name)")
                }
                #expect(fields.count > 20)
            }
        }

        @Test(
            .enabled(if: VegaProgram.isAvailable, "needs vl_convert in Python: Tests/IntegrationTests/requirements.txt")
        )
        func `Vega draws the matrices without a fault where there is nothing to draw`() throws {
            for panel in UsageDashboards(try UsageCatalog.builtIn()).all.flatMap(\.panels) {
                guard case .vega = panel.content else { continue }
                let nothing: AWSAccess.JSONValue = ["aggregations": ["accounts": ["buckets": []]]]
                #expect(try VegaProgram.values(of: panel, nothing).isEmpty)
            }
        }
    }
}
