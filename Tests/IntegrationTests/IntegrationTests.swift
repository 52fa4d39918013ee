import AWSAccess
import Testing

/// What needs a real OpenSearch and a stand-in for AWS; one test after the other, as they share both.
@Suite(
    "Integration",
    .serialized,
    .enabled(if: Stack.isAvailable, "needs OPENSEARCH_URL and AWS_ENDPOINT_URL on this machine: make integration")
)
enum IntegrationTests {}

extension IntegrationTests {
    @Suite struct IndexTemplateTests {
        @Test func `the template is taken as it is printed and decides what new indices look like`() async throws {
            let stack = try await Stack.fresh()
            let path = "/usage-records-2026.01.01"
            _ = try await stack.json(.put, path)
            let mapping = try await stack.json(.get, path + "/_mapping")["usage-records-2026.01.01"]?["mappings"]
            #expect(mapping?["dynamic"]?.string == "false")
            #expect(mapping?["properties"]?["eventTime"]?["type"]?.string == "date")
            #expect(mapping?["properties"]?["requestParameters"]?["type"]?.string == "flat_object")
            #expect(mapping?["properties"]?["usage"]?["properties"]?["quantity"]?["type"]?.string == "double")
            #expect(mapping?["properties"]?["unindexed"]?["enabled"]?.bool == false)
            #expect(try await stack.violations() == [])
        }
    }
}
