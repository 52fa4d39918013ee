import TestSupport
import Testing

@testable import UsageCore

@Suite struct FilterPatternTests {
    @Test func `the pattern fits a subscription filter, and is the one of the templates`() throws {
        let pattern = FilterPattern.text(try UsageCatalog.builtIn())
        #expect(pattern.utf8.count <= FilterPattern.longest)
        let path = SharedData.packageRoot + "/Infrastructure/functions.json"
        let template = String(decoding: try Folder.bytes(path), as: UTF8.self)
        #expect(template.contains("\"FilterPattern\": { \"Fn::If\": [\"TakesWatched\", \"\(pattern)\""), "\(pattern)")
    }

    /// The names that a pattern lets through, as CloudWatch Logs reads it.
    private func isLetThrough(_ name: String, _ pattern: String) -> Bool {
        pattern.split(separator: "%")[1].split(separator: "|").contains { term in
            let word = term.dropFirst()
            return word.hasSuffix("$") ? name == word.dropLast() : name.hasPrefix(word)
        }
    }

    @Test func `every watched call and every end is let through, and what nobody watches is not`() throws {
        let catalog = try UsageCatalog.builtIn()
        let pattern = FilterPattern.text(catalog)
        for usage in catalog.usages {
            for name in usage.eventNames + (usage.resources?.endedBy.flatMap(\.eventNames) ?? []) {
                let shown = name.hasSuffix("*") ? name.dropLast() + "20150331" : name[...]
                #expect(isLetThrough(String(shown), pattern), "\(name)")
            }
        }
        for name in ["DescribeInstances", "AssumeRole", "GetObject", "ListBuckets", "RunInstancesX", "XRunInstances"] {
            #expect(!isLetThrough(name, pattern), "\(name)")
        }
    }
}
