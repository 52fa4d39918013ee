import Testing
import UsageCore

/// Each kind of violation is one line with the path of the entry and what is allowed there.
@Suite struct CatalogReaderTests {
    /// A catalog that is in order, small enough to be read at a glance.
    private static let catalog = """
        {"version":1,
         "causes":[{"id":"terraform","title":"Terraform","expected":false,"signs":[{"field":"userAgent","contains":"Terraform"}]}],
         "usages":[{"name":"a-b","title":"A B","eventSources":["a.amazonaws.com"],"eventNames":["B","C*"],"outcome":"failure",
          "errorCodes":["X"],"quantity":{"unit":"things","from":[{"path":"requestParameters.n","take":"sum"},{"constant":2}]},
          "attributes":{"kind":["requestParameters.kind"]},"novelty":["region"],
          "resources":{"ids":"responseElements.id","endedBy":[{"eventNames":["D"],"ids":"requestParameters.id"}]},
          "volume":"low","detector":{"interval":"10m","delay":"8m","shingle":8},
          "severity":{"default":{"low":1,"medium":2,"high":3}},"cost":{"model":"none","why":"free"},
          "causes":["terraform","unknown"],"recommendations":[{"cause":"terraform","text":"Look."}],"references":["https://x"]}]}
        """

    private func problems(_ text: String) -> [String] {
        do throws(CatalogFailure) { _ = try UsageCatalog(json: Array(text.utf8)) } catch { return error.problems }
        return []
    }

    @Test func `a small catalog is read as it stands`() throws {
        let usage = try #require(try UsageCatalog(json: Array(Self.catalog.utf8)).usages.first)
        #expect(usage.name == "a-b" && usage.unit == "things" && usage.outcome == .failure)
        #expect(usage.quantity.count == 2 && usage.quantity.last == .constant(2))
        #expect(usage.detector.intervalSeconds == 600 && usage.detector.delaySeconds == 480)
        #expect(usage.cost == .none(why: "free") && usage.isLowVolume && usage.novelty == [.region])
        #expect(usage.thresholds(accountType: "other") == usage.thresholds(accountType: nil))
        #expect(usage.resources?.endedBy.first?.eventNames == ["D"])
    }

    @Test(arguments: [
        (#""version":1"#, #""version":2"#, "version: must be 1"),
        (
            #""version":1"#, #""version":1,"extra":1"#,
            "the catalog.extra: is not known; allowed: version, usages, causes"
        ),
        (#""name":"a-b""#, #""name":"A""#, #"usages[0] (A).name: "A" has other characters"#),
        (#""name":"a-b","#, "", "usages[0].name: is missing; a text is needed"),
        (#""name":"a-b""#, #""name":"a\nb""#, #"usages[0] (a\u{a}b).name: "a\nb" has other characters"#),
        (#""title":"A B""#, #""title":7"#, "usages[0] (a-b).title: must be a text"),
        (
            #"["a.amazonaws.com"]"#, #"["ec2"]"#,
            #"eventSources: "ec2" is no event source; one looks like ec2.amazonaws.com"#
        ),
        (#"["a.amazonaws.com"]"#, "[]", "usages[0] (a-b).eventSources: is empty"),
        (#"["a.amazonaws.com"]"#, #""a""#, "usages[0] (a-b).eventSources: must be a list"),
        (#"["B","C*"]"#, "[1]", "usages[0] (a-b).eventNames: 1 is no text"),
        (#"["B","C*"]"#, "[]", "usages[0] (a-b).eventNames: is empty"),
        (
            #"["B","C*"]"#, #"["*"]"#,
            #"eventNames: "*" is no event name; one looks like RunInstances, or Invoke* for all that begin so"#
        ),
        (#"["B","C*"]"#, #"["B","C*D"]"#, #"usages[0] (a-b).eventNames: "C*D" is no event name"#),
        (#"["B","C*"]"#, #"["B",""]"#, #"usages[0] (a-b).eventNames: "" is no event name"#),
        (
            #""outcome":"failure""#, #""outcome":"any""#,
            "usages[0] (a-b).errorCodes: has no effect with outcome any; allowed with failure alone"
        ),
        (
            #""outcome":"failure""#, #""outcome":"maybe""#,
            #"outcome: "maybe" is not known; allowed: success, failure, any"#
        ),
        (#""outcome":"failure","#, "", "usages[0] (a-b).outcome: nothing is not known; allowed: success, failure, any"),
        (#""unit":"things","#, "", "usages[0] (a-b).quantity.unit: is missing; a text is needed"),
        (#""take":"sum""#, #""take":"max""#, "usages[0] (a-b).quantity.from[0].take: allowed: count, sum"),
        (#"{"constant":2}"#, #"{"constant":0}"#, "usages[0] (a-b).quantity.from[1].constant: must be above 0"),
        (
            "requestParameters.n", "userIdentity.arn",
            #"quantity.from[0].path: "userIdentity.arn" is no path; one begins with requestParameters, responseElements,"#
        ),
        (
            #"["requestParameters.kind"]"#, #"["x"]"#,
            #"usages[0] (a-b).attributes.kind: "x" is no path; one begins with"#
        ),
        (#"["requestParameters.kind"]"#, #""x""#, "usages[0] (a-b).attributes.kind: must be a list of paths"),
        (
            #"{"kind":["requestParameters.kind"]}"#, "[]",
            "usages[0] (a-b).attributes: must be an object of name: [paths]"
        ),
        (
            #""kind":"#, #""quantity":"#,
            "usages[0] (a-b).attributes.quantity: is ours; allowed is any name but callers, centsPerHour, family, name, place, principal, quantity, session, tool, unit"
        ),
        (#"["region"]"#, #"["moon"]"#, #"novelty: "moon" is not known; allowed: region, family, api, model"#),
        (#""ids":"responseElements.id""#, #""ids":"""#, #"usages[0] (a-b).resources.ids: "" is no path"#),
        (#"["D"]"#, #""D""#, "usages[0] (a-b).resources.endedBy[0].eventNames: must be a list"),
        (#"["D"]"#, "[]", "usages[0] (a-b).resources.endedBy[0].eventNames: is empty"),
        (
            #"["D"]"#, #"["D*"]"#,
            #"resources.endedBy[0].eventNames: "D*" is no event name; one looks like RunInstances"#
        ),
        (#""volume":"low""#, #""volume":"some""#, #"volume: "some" is not known; allowed: low, high"#),
        (
            #""interval":"10m""#, #""interval":"10""#,
            #"detector.interval: "10" is no interval; allowed: 1m to 24h, as in 10m"#
        ),
        (#""delay":"8m""#, #""delay":"2d""#, #"detector.delay: "2d" is no interval; allowed: 1m to 24h, as in 10m"#),
        (#""shingle":8"#, #""shingle":129"#, "usages[0] (a-b).detector.shingle: allowed: 1 to 128"),
        (#""shingle":8"#, #""shingle":1.5"#, "usages[0] (a-b).detector.shingle: allowed: 1 to 128"),
        (#""default":"#, #""sandbox":"#, "usages[0] (a-b).severity: must have default: {low, medium, high}"),
        (#""medium":2"#, #""medium":0.5"#, "usages[0] (a-b).severity.default: needs numbers low, medium and high"),
        (#""model":"none""#, #""model":"free""#, "allowed: ec2-instances, ebs-volumes, lambda-requests, none"),
        (#""why":"free""#, #""why":"""#, "usages[0] (a-b).cost.why: must be a text"),
        (
            #"["terraform","unknown"]"#, #"["magic"]"#,
            #"usages[0] (a-b).causes: "magic" is not known; allowed: terraform, deployment"#
        ),
        (
            #"{"cause":"terraform""#, #"{"cause":"magic""#,
            #"usages[0] (a-b).recommendations[0].cause: "magic" is not known"#
        ),
        (
            #"{"cause":"terraform""#, #"{"cause":7"#,
            "usages[0] (a-b).recommendations[0].cause: 7 is not known; allowed: terraform, deployment, credential-abuse"
        ),
        (
            #"{"cause":"terraform""#, #"{"accountType":["production"]"#,
            #"recommendations[0].accountType: ["production"] is no account type; allowed: a text such as production"#
        ),
        (
            #""causes":["#, #""causes":[{"id":"unknown","title":"U","expected":false,"signs":[]},"#,
            #"causes[0].id: "unknown" is told in code; allowed is any id but deployment, credential-abuse"#
        ),
        (#""text":"Look.""#, #""text":"""#, "usages[0] (a-b).recommendations[0].text: must be a text"),
        (#"["https://x"]"#, "null", "usages[0] (a-b).references: must be a list"),
        (#""expected":false"#, #""expected":"no""#, "causes[0].expected: allowed: true, false"),
        (
            #""field":"userAgent""#, #""field":"shoe""#,
            "field: \"shoe\" is not known; allowed: userAgent, invokedBy, principal, eventName, tags"
        ),
        (#""contains":"Terraform""#, #""contains":"""#, "causes[0].signs[0].contains: must be a text"),
        (
            #""title":"Terraform","#, #""title":"Terraform","x\ny":1,"#,
            #"causes[0].x\u{a}y: is not known; allowed: id, title, expected, signs"#
        ),
    ])
    func `a violation is one line with its path and what is allowed`(right: String, wrong: String, said: String) throws
    {
        let range = try #require(Self.catalog.firstRange(of: right))
        let changed = Self.catalog[..<range.lowerBound] + wrong + Self.catalog[range.upperBound...]
        let found = problems(String(changed))
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(said) == true, "\(found)")
        #expect(found.allSatisfy { !$0.contains("\n") })
    }

    @Test func `every violation is told at once`() {
        let text = Self.catalog.replacing(#""version":1"#, with: #""version":0"#)
            .replacing(#""volume":"low""#, with: #""volume":"x""#).replacing(#""take":"sum""#, with: #""take":"x""#)
        #expect(problems(text).count == 3)
    }

    @Test func `two causes of one id are refused`() throws {
        let rule = try #require(Self.catalog.firstRange(of: #"{"id":"terraform""#)).lowerBound
        let end = try #require(Self.catalog.firstRange(of: "]}],")).upperBound
        let twice = Self.catalog[..<rule] + Self.catalog[rule..<end].dropLast(2) + "," + Self.catalog[rule...]
        #expect(
            problems(String(twice)) == [#"causes[1].id: "terraform" stands twice; each cause needs an id of its own"#]
        )
    }

    @Test func `two entries of one name and a catalog without entries are refused`() throws {
        let start = try #require(Self.catalog.firstRange(of: #"{"name":"a-b""#)).lowerBound
        let entry = Self.catalog[start...].dropLast(2)
        let twice = Self.catalog.dropLast(2) + "," + entry + "]}"
        #expect(problems(String(twice)) == ["usages[1] (a-b).name: stands twice; each entry needs a name of its own"])
        #expect(
            problems(#"{"version":1,"causes":[],"usages":[]}"#) == ["usages: is empty; at least one entry is needed"]
        )
    }

    @Test(arguments: [
        ("", "the JSON ends in the middle"), ("{", "the JSON ends in the middle"), ("nonsense", "not JSON at byte 0"),
        ("[]", "the catalog: must be an object with version, usages and causes"),
    ])
    func `what is no catalog at all is told in one line`(text: String, said: String) {
        #expect(problems(text) == [said])
    }

    @Test func `no random change of the built-in catalog can trap its reader`() {
        var generator = SeededGenerator(seed: 5)
        let whole = UsageCatalog.builtInJSON
        var refused = 0
        for _ in 0..<40 {
            var text = whole
            for _ in 0..<3 {
                let place = Int.random(in: 0..<text.count, using: &generator)
                text[place] = Array("{}[]\",:01x".utf8).randomElement(using: &generator) ?? 0
            }
            do throws(CatalogFailure) { _ = try UsageCatalog(json: text) } catch {
                refused += 1
                #expect(!error.problems.isEmpty)
                #expect(error.problems.allSatisfy { !$0.contains("\n") })
            }
        }
        #expect(refused > 10)
    }
}
