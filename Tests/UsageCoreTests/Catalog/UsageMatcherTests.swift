import TestSupport
import Testing
import UsageCore

@Suite struct UsageMatcherTests {
    private func usage(
        _ source: String,
        _ name: String,
        error: String? = nil,
        _ catalog: UsageCatalog
    ) throws -> String? {
        let code = error.map { #","errorCode":"\#($0)""# } ?? ""
        let scanned = try #require(ScannedRecord(#"{"eventSource":"\#(source)","eventName":"\#(name)"\#(code)}"#))
        return scanned.read { UsageMatcher(catalog).usage($0, $1) }.map { catalog.usages[$0].name }
    }

    @Test(
        arguments: [
            ("ec2.amazonaws.com", "RunInstances", nil, "ec2-run-instances"),
            ("ec2.amazonaws.com", "RunInstances", "Client.DryRunOperation", "ec2-dry-run"),
            ("ec2.amazonaws.com", "RunInstances", "Client.VcpuLimitExceeded", "ec2-dry-run"),
            ("ec2.amazonaws.com", "RunInstances", "Client.UnauthorizedOperation", nil),
            ("ec2.amazonaws.com", "RunInstance", nil, nil), ("ec2.amazonaws.com", "RunInstancesX", nil, nil),
            ("ec2.amazonaws.com.cn", "RunInstances", nil, nil), ("ec2.amazonaws.com", "", nil, nil),
            ("lambda.amazonaws.com", "Invoke", nil, "lambda-invoke"),
            ("lambda.amazonaws.com", "Invoke", "TooManyRequestsException", "lambda-invoke"),
            ("eks.amazonaws.com", "CreateCluster", nil, "create-cluster"),
            ("redshift.amazonaws.com", "CreateCluster", nil, "create-cluster"),
            ("servicequotas.amazonaws.com", "GetServiceQuota", "AccessDenied", "quota-probe"),
            ("iam.amazonaws.com", "CreateUser", "AccessDenied", nil),
            ("iam.amazonaws.com", "CreateUser", nil, "iam-create-user"),
        ] as [(String, String, String?, String?)]
    )
    func `source, name and outcome decide`(source: String, name: String, error: String?, expected: String?) throws {
        #expect(try usage(source, name, error: error, try UsageCatalog.builtIn()) == expected)
    }

    @Test func `a name that ends in a star is a prefix, after exact names`() throws {
        let text = String(decoding: UsageCatalog.builtInJSON, as: UTF8.self)
        let changed = text.replacing(#"["Invoke", "InvokeExecution"]"#, with: #"["Invoke*"]"#)
            .replacing(
                "\"eventNames\": [\n        \"Invoke\",\n        \"InvokeExecution\"\n      ]",
                with: #""eventNames": ["Invoke*"]"#
            )
        let catalog = try UsageCatalog(json: Array(changed.utf8))
        try #require(catalog["lambda-invoke"]?.eventNames == ["Invoke*"])
        #expect(try usage("lambda.amazonaws.com", "Invoke20150331", catalog) == "lambda-invoke")
        #expect(try usage("lambda.amazonaws.com", "Invoke", catalog) == "lambda-invoke")
        #expect(try usage("lambda.amazonaws.com", "Invok", catalog) == nil)
        #expect(try usage("bedrock.amazonaws.com", "InvokeModel", catalog) == "bedrock-invoke-model")
    }

    @Test func `a record without a name or source is no usage`() throws {
        let catalog = try UsageCatalog.builtIn()
        for text in [
            "{}", #"{"eventName":"RunInstances"}"#, #"{"eventSource":"ec2.amazonaws.com"}"#,
            #"{"eventName":7,"eventSource":null}"#,
        ] {
            #expect(try #require(ScannedRecord(text)).read { UsageMatcher(catalog).usage($0, $1) } == nil)
        }
    }

    private func ended(_ text: String) throws -> [String] {
        let catalog = try UsageCatalog.builtIn()
        return try #require(ScannedRecord(text)).read { fields, bytes in
            var found: [String] = []
            UsageMatcher(catalog).eachEnded(fields, bytes) { usage, id in
                found.append("\(catalog.usages[usage].name) \(String(decoding: id, as: UTF8.self))")
            }
            return found
        }
    }

    @Test func `calls that end what was started name it, unless they failed`() throws {
        let call =
            #"{"eventSource":"ec2.amazonaws.com","eventName":"TerminateInstances","requestParameters":"#
            + #"{"instancesSet":{"items":[{"instanceId":"i-1"},{"instanceId":"i-2"}]}}"#
        #expect(try ended(call + "}") == ["ec2-run-instances i-1", "ec2-run-instances i-2"])
        #expect(try ended(call + #","errorCode":"Client.UnauthorizedOperation"}"#).isEmpty)
        #expect(try ended(call.replacing("ec2.amazonaws", with: "other.amazonaws") + "}").isEmpty)
    }

    @Test(.enabled(if: SharedData.has("cloudtrail"), "needs ../shared/data/cloudtrail"))
    func `of the real records those are watched that the catalog names`() throws {
        let catalog = try UsageCatalog.builtIn()
        let matcher = UsageMatcher(catalog)
        var counts: [String: Int] = [:]
        for name in try Folder.names(SharedData.path("cloudtrail")) {
            for text in CollectingSink.read(try Folder.bytes(SharedData.path("cloudtrail/" + name))).sink.records {
                let scanned = try #require(ScannedRecord(text))
                guard let index = scanned.read({ matcher.usage($0, $1) }) else { continue }
                counts[catalog.usages[index].name, default: 0] += 1
            }
        }
        #expect(counts["ec2-run-instances"] == 2)
        #expect(counts["ec2-dry-run"] == 2)
        #expect(counts["ebs-create-volume"] == 2)
        #expect(counts["iam-create-access-key"] == 2)
    }
}
