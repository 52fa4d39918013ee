import Testing

@testable import anomalyctl

@Suite struct FunctionEnvironmentTests {
    private func function(
        given: [String: String] = [:],
        inherited: [String: String] = [:],
        path: String = "/opt/x/MultiAccountLogs"
    ) -> HostedFunction {
        HostedFunction(
            path: path,
            given: given,
            inherited: inherited,
            timeout: 60,
            memory: 512,
            now: 1_767_312_000
        )
    }

    @Test func `of the shell only AWS's variables, the settings and the loader's path are seen`() {
        let shell = [
            "AWS_REGION": "eu-west-1", "OPENSEARCH_ENDPOINT": "h", "LOG_LEVEL": "DEBUG", "LD_LIBRARY_PATH": "/l",
            "HOME": "/root", "PATH": "/x", "https_proxy": "p", "LANG": "C", "OPENSEARCH_URL": "u",
        ]
        #expect(
            FunctionEnvironment.inherited(from: shell) == [
                "AWS_REGION": "eu-west-1", "OPENSEARCH_ENDPOINT": "h", "LOG_LEVEL": "DEBUG", "LD_LIBRARY_PATH": "/l",
            ]
        )
    }

    @Test func `the function is told what Lambda tells it`() {
        let environment = function().environment
        #expect(environment["AWS_LAMBDA_FUNCTION_NAME"] == "MultiAccountLogsFunction")
        #expect(environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "512")
        #expect(environment["AWS_LAMBDA_FUNCTION_VERSION"] == "$LATEST")
        #expect(environment["AWS_LAMBDA_LOG_GROUP_NAME"] == "/aws/lambda/MultiAccountLogsFunction")
        #expect(environment["AWS_LAMBDA_LOG_STREAM_NAME"]?.hasPrefix("2026/01/02/[$LATEST]") == true)
        #expect(environment["AWS_LAMBDA_INITIALIZATION_TYPE"] == "on-demand")
        #expect(environment["AWS_REGION"] == "us-east-1" && environment["AWS_DEFAULT_REGION"] == "us-east-1")
        #expect(environment["LAMBDA_TASK_ROOT"] == "/opt/x")
        #expect(environment["_HANDLER"] == "bootstrap" && environment["TZ"] == ":UTC")
        #expect(environment["AWS_EXECUTION_ENV"] == nil)
        #expect(function(path: "./runtime.sh").environment["AWS_LAMBDA_FUNCTION_NAME"] == "runtime.sh")
    }

    @Test func `what is given is stronger than the shell and the shell than what Lambda sets`() {
        let both = function(given: ["AWS_REGION": "cn-north-1"], inherited: ["AWS_REGION": "eu-west-1"])
        #expect(both.environment["AWS_REGION"] == "cn-north-1")
        #expect(both.arn == "arn:aws-cn:lambda:cn-north-1:012345678912:function:MultiAccountLogsFunction")
        let old = function(inherited: ["AWS_DEFAULT_REGION": "us-gov-west-1"])
        #expect(old.environment["AWS_REGION"] == "us-gov-west-1")
        #expect(old.arn.hasPrefix("arn:aws-us-gov:lambda:us-gov-west-1:"))
    }

    @Test func `variables are given as NAME=VALUE, the last of a name counts`() throws {
        #expect(try FunctionEnvironment.given(["A=1", "B=", "A=x=y"]) == ["A": "x=y", "B": ""])
        for word in ["A", "=1", "A B=1", "A-B=1", "AWS_LAMBDA_RUNTIME_API=h:1"] {
            #expect(throws: UsageFailure.self) { try FunctionEnvironment.given([word]) }
        }
    }

    @Test func `request ids are UUIDs of version 4`() {
        let ids = (0..<100).map { _ in HostedFunction.requestId() }
        #expect(Set(ids).count == 100)
        for id in ids {
            #expect(id.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
            let digits = Array(id)
            #expect(digits[14] == "4" && "89ab".contains(digits[19]))
        }
    }
}
