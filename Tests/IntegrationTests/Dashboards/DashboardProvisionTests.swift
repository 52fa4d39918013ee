@testable import AWSAccess
import Pipeline
import TestSupport
import Testing
import UsageCore

extension IntegrationTests {
    /// Dashboards as `anomalyctl provision` puts them in place, through signed requests.
    @Suite struct DashboardProvisionTests {
        private static let path = "/_dashboards/api/saved_objects"

        private func provision(_ stack: Stack, _ more: String = "") throws -> ProgramRun {
            let variables = stack.environment().map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
            return try ProgramRun(shell: "env \(variables) '\(ProgramRun.anomalyctl)' provision --format json \(more)")
        }

        /// What was done about index patterns and dashboards, by their names.
        private func actions(_ run: ProgramRun) -> [String: String] {
            run.output.split(separator: "\n").compactMap { AWSAccess.JSONValue(Array($0.utf8)) }.reduce(into: [:]) {
                all,
                change in
                guard change["kind"]?.string == "dashboard" || change["kind"]?.string == "index patterns" else {
                    return
                }
                all[change["name"]?.string ?? ""] = change["action"]?.string
            }
        }

        private func bare() async throws -> Stack {
            let stack = try await Stack.fresh()
            _ = try provision(stack, "--remove --delete-records")
            try await Stack.forget(stack)
            return stack
        }

        private func object(_ stack: Stack, _ kind: SavedObject.Kind, _ id: String) async throws -> HTTPResponse {
            try await stack.plugin(.get, "\(Self.path)/\(kind.rawValue)/\(id)")
        }

        /// Saves an object as somebody at Dashboards would.
        private func save(
            _ stack: Stack,
            _ kind: SavedObject.Kind,
            _ id: String,
            _ body: AWSAccess.JSONValue
        ) async throws {
            let answer = try await OpenSearch(session: stack.session(), endpoint: stack.aws).send(
                .post,
                "\(Self.path)/\(kind.rawValue)/\(id)",
                query: "overwrite=true",
                headers: ["Content-Type": "application/json", "osd-xsrf": "true"],
                body: body.bytes,
                deadline: .now + .seconds(30)
            )
            try #require(answer.status == 200)
        }

        private func delete(_ stack: Stack, _ kind: SavedObject.Kind, _ id: String) async throws {
            let answer = try await OpenSearch(session: stack.session(), endpoint: stack.aws).send(
                .delete,
                "\(Self.path)/\(kind.rawValue)/\(id)",
                headers: ["osd-xsrf": "true"],
                deadline: .now + .seconds(30)
            )
            try #require(answer.status == 200)
        }

        @Test func `what is set up is what the file holds, and a removal leaves none of it`() async throws {
            let stack = try await bare()
            let run = try provision(stack)
            #expect(Set(actions(run).values) == ["created"] && actions(run).count == 8, "\(run.output) \(run.messages)")
            let file = try Folder.bytes(SharedData.packageRoot + "/Infrastructure/dashboards.ndjson")
            let lines = file.split(separator: 0x0A).compactMap { AWSAccess.JSONValue(Array($0)) }
            #expect(lines.count > 60)
            for line in lines {
                let kind = try #require(SavedObject.Kind(rawValue: line["type"]?.string ?? ""))
                let found = AWSAccess.JSONValue(try await object(stack, kind, line["id"]?.string ?? "").body)
                #expect(found?["attributes"] == line["attributes"] && found?["references"] == line["references"])
            }
            let gone = try provision(stack, "--remove")
            #expect(Set(actions(gone).values) == ["removed"] && gone.code == 0, "\(gone.output) \(gone.messages)")
            for line in lines {
                let kind = try #require(SavedObject.Kind(rawValue: line["type"]?.string ?? ""))
                #expect(try await object(stack, kind, line["id"]?.string ?? "").status == 404)
            }
            #expect(try await stack.violations() == [])
        }

        @Test func `a dashboard of somebody else under our name stops a set-up, and outlives a removal`() async throws {
            let stack = try await bare()
            #expect(actions(try provision(stack))["usage-anomalies-cost"] == "created")
            let theirs: AWSAccess.JSONValue = ["attributes": ["title": "Costs", "description": "our own costs"]]
            try await save(stack, .dashboard, "usage-anomalies-cost", theirs)
            try await save(stack, .dashboard, "costs", theirs)
            try await Stack.forget(stack)
            let run = try provision(stack)
            #expect(run.code == 1 && run.messages.contains("exists and is not ours"), "\(run.messages)")
            #expect(run.messages.contains("our own costs"))
            let writes = try await stack.log().compactMap { $0["operation"]?.string }
                .filter { $0.contains("saved_objects") && !$0.hasPrefix("GET ") }
            #expect(writes == [])
            let gone = try provision(stack, "--remove")
            #expect(actions(gone)["usage-anomalies-cost"] == "skipped" && gone.code == 3, "\(gone.output)")
            for id in ["usage-anomalies-cost", "costs"] {
                let found = AWSAccess.JSONValue(try await object(stack, .dashboard, id).body)
                #expect(found?["attributes"] == theirs["attributes"])
                try await delete(stack, .dashboard, id)
            }
            // Its panels were ours.
            #expect(try await object(stack, .visualization, "usage-anomalies-cost-days").status == 404)
        }

        @Test func `a Dashboards that is away leaves the rest set up, and follows later`() async throws {
            let stack = try await bare()
            let away =
                #"[{"service":"es","operation":"* /_dashboards/*","do":{"status":503,"body":{"message":"not ready"}}}]"#
            try await stack.play(away)
            let run = try provision(stack)
            #expect(run.code == 3 && Set(actions(run).values) == ["pending"], "\(run.output) \(run.messages)")
            #expect(run.output.contains("Dashboards answered HTTP 503 not ready"))
            #expect(try await stack.search(.get, "/_index_template/usage-records").status == 200)
            try await stack.play("[]")
            #expect(Set(actions(try provision(stack)).values) == ["created"])
            try await stack.play(away)
            let early = try provision(stack, "--remove")
            #expect(early.code == 3 && Set(actions(early).values) == ["pending"], "\(early.output)")
            #expect(try await stack.search(.get, "/_index_template/usage-records").status == 404)
            try await stack.play("[]")
            #expect(Set(actions(try provision(stack, "--remove")).values) == ["removed"])
        }

        @Test func `the resource says what Dashboards did not take, and a deletion that missed it is asked for again`()
            async throws
        {
            let stack = try await bare()
            let desk = try ResourceDesk(stack)
            let properties: AWSAccess.JSONValue = ["RetentionDays": "30"]
            let denied =
                #"[{"service":"es","operation":"* /_dashboards/*","do":{"status":403,"body":{"message":"no permissions"}}}]"#
            try await stack.play(denied)
            let made = try await desk.ask("Create", properties)
            #expect(made["Status"]?.string == "SUCCESS")
            let reason = made["Reason"]?.string ?? ""
            #expect(
                reason.contains(" and 7 more left out: Dashboards takes no signed requests of this caller (HTTP 403"),
                "\(reason)"
            )
            try await stack.play("[]")
            let mended = try await desk.ask("Update", properties)
            #expect(mended["Reason"]?.string?.hasPrefix("8 parts written") == true, "\(mended)")
            try await stack.play(denied.replacing("403", with: "503"))
            let missed = try await desk.ask("Delete", properties)
            #expect(missed["Status"]?.string == "FAILED", "\(missed)")
            #expect(missed["Reason"]?.string?.contains("removal: not whole") == true, "\(missed)")
            try await stack.play("[]")
            let gone = try await desk.ask("Delete", properties)
            #expect(gone["Status"]?.string == "SUCCESS" && gone["Reason"]?.string == "8 parts removed", "\(gone)")
        }
    }
}
